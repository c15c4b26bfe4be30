# kind: never ends
# tries: to exhaust the C stack
# exercise: 03_gather_weather
# outcome: FAIL
import sys


async def fetch_weather(cities, base_url):
    sys.setrecursionlimit(1 << 30)

    class Deep:
        def __getattr__(self, name):
            return getattr(self, name + "x")

    return Deep().x
