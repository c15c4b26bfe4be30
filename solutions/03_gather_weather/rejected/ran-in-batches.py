import asyncio

import httpx


async def fetch_weather(cities, base_url):
    results = []
    async with httpx.AsyncClient() as client:
        for start in range(0, len(cities), 10):
            requests = [client.get(f"{base_url}/weather/{city}") for city in cities[start : start + 10]]
            for response in await asyncio.gather(*requests):  # <-- here
                response.raise_for_status()
                results.append(response.json())
    return results
