# kind: wire messages
# tries: a number of a million hexadecimal digits, in a value
# exercise: 03_gather_weather
# outcome: FAIL broke-the-channel
import sys


async def fetch_weather(cities, base_url):
    sys.modules["grader.candidate.session"].encode = lambda value, *rest: [{"int": "0x" + "f" * 1_000_000}]
    return []
