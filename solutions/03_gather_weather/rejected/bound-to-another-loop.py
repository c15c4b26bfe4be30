import asyncio

import httpx

limit = asyncio.Semaphore(25)


async def fetch_weather(cities, base_url):
    async def fetch(client, city):
        async with limit:  # <-- here
            response = await client.get(f"{base_url}/weather/{city}")
        return response.raise_for_status().json()

    async with httpx.AsyncClient() as client:
        return await asyncio.gather(*(fetch(client, city) for city in cities))
