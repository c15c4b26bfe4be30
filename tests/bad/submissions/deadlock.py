# expected: deadlocked
import asyncio

import httpx


async def fetch_weather(cities, base_url):
    lock = asyncio.Lock()
    async with lock:
        async with lock:  # <-- here
            return []
