import asyncio

import httpx


async def fetch_weather(cities, base_url):
    results = []
    async with httpx.AsyncClient() as client:
        for city in cities:
            task = asyncio.create_task(client.get(f"{base_url}/weather/{city}"))
            response = await task
            response.raise_for_status()
            results.append(response.json())
    return results
