# kind: reading secrets
# tries: to import the reference solution, and to answer with it
# exercise: 03_gather_weather
# outcome: FAIL raised
# needs: full
import importlib.util
import os
import sys

ROOT = os.path.dirname(os.path.dirname(sys.modules["grader"].__file__))


async def fetch_weather(cities, base_url):
    path = os.path.join(ROOT, "solutions", "03_gather_weather", "gather_weather.py")
    spec = importlib.util.spec_from_file_location("solution", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return await module.fetch_weather(cities, base_url)
