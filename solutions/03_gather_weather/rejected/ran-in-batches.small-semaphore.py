import asyncio

import httpx


async def fetch_weather(cities, base_url):
    limit = asyncio.Semaphore(5)

    async def fetch(client, city):
        async with limit:  # <-- here
            response = await client.get(f"{base_url}/weather/{city}")
        response.raise_for_status()
        return response.json()

    async with httpx.AsyncClient() as client:
        return await asyncio.gather(*(fetch(client, city) for city in cities))
