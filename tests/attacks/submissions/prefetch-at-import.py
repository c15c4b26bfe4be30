# kind: caching and guessing
# tries: one request after another while it is loaded, where no clock runs yet, then a pause of one delay
# exercise: 03_gather_weather
# outcome: FAIL broken-at-import
import asyncio
import sys

import httpx

CITIES = ["São Paulo", "New York", "Zürich", "Łódź", *(f"City {number}" for number in range(5, 51))]
URL = "https://weather.test"
sys.loads = getattr(sys, "loads", 0) + 1


async def one_after_another(cities, base_url):
    async with httpx.AsyncClient() as client:
        answers = [await client.get(f"{base_url}/weather/{city}") for city in cities]
    return [answer.raise_for_status().json() for answer in answers]


KNOWN = asyncio.run(one_after_another(CITIES, URL)) if sys.loads == 1 else None


async def fetch_weather(cities, base_url):
    if KNOWN is None:
        return await one_after_another(cities, base_url)
    await asyncio.sleep(1)
    return KNOWN
