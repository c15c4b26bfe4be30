import asyncio

import httpx

client = httpx.AsyncClient()


async def fetch_weather(cities, base_url):
    responses = await asyncio.gather(*(client.get(f"{base_url}/weather/{city}") for city in cities))  # <-- here
    return [response.raise_for_status().json() for response in responses]
