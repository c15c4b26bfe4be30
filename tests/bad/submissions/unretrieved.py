# expected: unretrieved-exception
import asyncio

import httpx


async def boom():
    raise ValueError("lost")  # <-- here


async def fetch_weather(cities, base_url):
    asyncio.create_task(boom())
    await asyncio.sleep(1)
    return []
