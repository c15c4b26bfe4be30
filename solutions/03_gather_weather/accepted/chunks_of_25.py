import asyncio

import httpx


async def fetch(client, url):
    response = await client.get(url)
    response.raise_for_status()
    return response.json()


async def fetch_weather(cities, base_url):
    forecasts = []
    async with httpx.AsyncClient() as client:
        for start in range(0, len(cities), 25):
            some = cities[start : start + 25]
            forecasts += await asyncio.gather(*(fetch(client, f"{base_url}/weather/{city}") for city in some))
    return forecasts
