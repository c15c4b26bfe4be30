import asyncio

import httpx


async def fetch_weather(cities, base_url):
    async with httpx.AsyncClient() as client:
        responses = await asyncio.gather(*(client.get(f"{base_url}/weather/{city}") for city in cities))
    return [response.raise_for_status().json() for response in responses]
