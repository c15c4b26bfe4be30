import asyncio

import httpx


async def fetch(client, url):
    response = await client.get(url)
    response.raise_for_status()
    return response.json()


async def fetch_weather(cities, base_url):
    limit = asyncio.BoundedSemaphore(50)

    async def polite(client, city):
        async with limit:
            return await fetch(client, f"{base_url}/weather/{city}")

    async with httpx.AsyncClient() as client:
        return list(await asyncio.gather(*map(polite, [client] * len(cities), cities)))
