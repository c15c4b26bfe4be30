import asyncio

import httpx


async def fetch(client, url):
    response = await client.get(url)
    response.raise_for_status()
    return response.json()


async def fetch_weather(cities, base_url):
    async with asyncio.timeout(60), httpx.AsyncClient(timeout=None) as client:
        return await asyncio.gather(
            *(asyncio.wait_for(fetch(client, f"{base_url}/weather/{city}"), 30) for city in cities)
        )
