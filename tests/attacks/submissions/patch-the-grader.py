# kind: patching
# tries: to switch off the judge's own modules, as far as it can import them
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
import contextlib
import importlib

for name in ("expect", "verdict", "judge.conduct", "judge.submission", "evidence", "grading", "plugin"):
    with contextlib.suppress(Exception):
        module = importlib.import_module(f"grader.{name}")
        for word in ("expect_equal", "fail", "fold", "conduct", "failure_of", "_attempt", "Verdict"):
            if hasattr(module, word):
                setattr(module, word, lambda *args, **kwargs: None)


async def fetch_weather(cities, base_url):
    return []
