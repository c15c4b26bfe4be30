# expected: never-ends
import asyncio

import httpx


async def fetch_weather(cities, base_url):
    while True:
        await asyncio.sleep(10)  # <-- here
