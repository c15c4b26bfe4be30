import asyncio
import json

import httpx


async def fetch_weather(cities, base_url):
    async def fetch(city):
        async with client.stream("GET", f"{base_url}/weather/{city}") as response:
            response.raise_for_status()
            return json.loads(await response.aread())

    async with httpx.AsyncClient() as client:
        return await asyncio.gather(*(fetch(city) for city in cities))
