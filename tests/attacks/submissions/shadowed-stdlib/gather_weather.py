# kind: files beside
# tries: modules beside the file that are called like those of the library, to be imported in their place
# exercise: 03_gather_weather
# outcome: PASS
import asyncio
import json
import random

import httpx

for module in (asyncio, json, random, httpx):
    assert not hasattr(module, "SHADOW"), module


async def fetch_weather(cities, base_url):
    async def fetch(city):
        response = await client.get(f"{base_url}/weather/{city}")
        response.raise_for_status()
        return json.loads(response.content)

    async with httpx.AsyncClient() as client:
        return await asyncio.gather(*map(fetch, cities))
