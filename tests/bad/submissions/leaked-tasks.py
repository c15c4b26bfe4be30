# expected: unretrieved-exception
import asyncio

import httpx


async def fetch_weather(cities, base_url):
    async with httpx.AsyncClient() as client:
        tasks = [asyncio.create_task(client.get(f"{base_url}/weather/{city}")) for city in cities]  # <-- here
    return []
