import asyncio

import httpx


async def fetch_weather(cities, base_url):
    async def fetch(city):
        response = httpx.get(f"{base_url}/weather/{city}")
        response.raise_for_status()
        return response.json()

    return await asyncio.gather(*(fetch(city) for city in cities))
