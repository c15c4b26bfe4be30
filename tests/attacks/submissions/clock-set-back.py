# kind: fake clocks
# tries: to set the candidate's clock back after one request after another
# exercise: 03_gather_weather
# outcome: FAIL ran-sequentially
import gc

import httpx

gc.unfreeze()


async def fetch_weather(cities, base_url):
    clocks = [value for value in gc.get_objects() if type(value).__name__ == "VirtualClock"]
    before = [clock._now for clock in clocks]
    async with httpx.AsyncClient() as client:
        answers = [await client.get(f"{base_url}/weather/{city}") for city in cities]
    for clock, now in zip(clocks, before):
        clock._now = now
    return [answer.raise_for_status().json() for answer in answers]
