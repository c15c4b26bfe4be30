# kind: fake clocks
# tries: to jump over all waiting by a clock that is set far ahead, beyond what the judge has leased
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
import asyncio
import gc

gc.unfreeze()


async def fetch_weather(cities, base_url):
    for clock in [value for value in gc.get_objects() if type(value).__name__ == "VirtualClock"]:
        clock._now += 10**12
    await asyncio.sleep(1)
    return []
