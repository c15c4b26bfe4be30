import asyncio

import httpx


async def fetch_weather(cities, base_url):
    async with httpx.AsyncClient(event_hooks={"response": [raise_for_error]}) as client:
        return await asyncio.gather(*(client.get(f"{base_url}/weather/{city}") for city in cities))  # <-- here


async def raise_for_error(response):
    response.raise_for_status()
