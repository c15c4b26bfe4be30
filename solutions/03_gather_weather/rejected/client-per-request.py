import asyncio

import httpx


async def fetch_weather(cities, base_url):
    async def fetch(city):
        async with httpx.AsyncClient() as client:  # <-- here
            response = await client.get(f"{base_url}/weather/{city}")
        response.raise_for_status()
        return response.json()

    return await asyncio.gather(*(fetch(city) for city in cities))
