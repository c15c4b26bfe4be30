# kind: exits and signals
# tries: a right answer in the first check, then an exit in all others
# exercise: 03_gather_weather
# outcome: FAIL exits
import asyncio
import os
import sys

import httpx

sys.loads = getattr(sys, "loads", 0) + 1
if sys.loads > 1:
    os._exit(0)


async def fetch_weather(cities, base_url):
    async def fetch(city):
        response = await client.get(f"{base_url}/weather/{city}")
        response.raise_for_status()
        return response.json()

    async with httpx.AsyncClient() as client:
        return await asyncio.gather(*map(fetch, cities))
