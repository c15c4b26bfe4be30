# expected: never-awaited
import asyncio

import httpx


async def fetch_weather(cities, base_url):
    async with httpx.AsyncClient() as client:
        return asyncio.gather(*(client.get(f"{base_url}/weather/{city}") for city in cities))  # <-- here
