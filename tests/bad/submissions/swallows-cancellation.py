# expected: never-ends
import asyncio

import httpx


async def fetch_weather(cities, base_url):
    while True:
        try:
            await asyncio.sleep(3600)  # <-- here
        except asyncio.CancelledError:
            pass
