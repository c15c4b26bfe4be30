# expected: not-a-coroutine
import asyncio

import httpx


async def fetch_weather(cities, base_url):  # <-- here
    async with httpx.AsyncClient() as client:
        for city in cities:
            yield (await client.get(f"{base_url}/weather/{city}")).json()
