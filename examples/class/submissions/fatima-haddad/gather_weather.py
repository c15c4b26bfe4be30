import asyncio

import httpx


async def fetch(client, url):
    response = await client.get(url)
    response.raise_for_status()
    return response.json()


async def fetch_weather(cities, base_url):
    limit = asyncio.Semaphore(25)

    async def polite(client, city):
        async with limit:
            return await fetch(client, f"{base_url}/weather/{city}")

    async with httpx.AsyncClient() as client:
        return await asyncio.gather(*(polite(client, city) for city in cities))
