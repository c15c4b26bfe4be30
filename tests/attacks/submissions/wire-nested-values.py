# kind: wire messages
# tries: values of every kind in one another, and some of no kind
# exercise: 03_gather_weather
# outcome: FAIL broke-the-channel
import sys

KINDS = [{"set": [[1]]}, {"dict": [[{"dict": []}, 1]]}, {"dict": [1]}, {"bytes": "="}, {"float": "x"}, {"callable": {"id": 1}}, {"opaque": []}]


async def fetch_weather(cities, base_url):
    sys.loads = getattr(sys, "loads", 0) + 1
    value = KINDS[sys.loads % len(KINDS)]
    for kind in ["tuple", "namespace"] * 10:
        value = {kind: [value]} if kind == "tuple" else {kind: {"": value, "self": 1}}
    sys.modules["grader.candidate.session"].encode = lambda *rest: value
    return []
