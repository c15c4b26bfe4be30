import asyncio

import httpx


async def fetch_weather(cities, base_url):
    results = []
    async with httpx.AsyncClient() as client:
        requests = [client.get(f"{base_url}/weather/{city}") for city in cities]
        for finished in asyncio.as_completed(requests):
            response = await finished
            results.append(response.raise_for_status().json())
    return results
