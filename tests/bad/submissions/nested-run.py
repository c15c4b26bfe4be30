# expected: nested-loop
import asyncio

import httpx


async def one(url):
    async with httpx.AsyncClient() as client:
        return (await client.get(url)).json()


async def fetch_weather(cities, base_url):
    return [asyncio.run(one(f"{base_url}/weather/{city}")) for city in cities]  # <-- here
