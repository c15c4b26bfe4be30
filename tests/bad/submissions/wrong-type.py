# expected: wrong-type
import asyncio

import httpx


async def fetch_weather(cities, base_url):
    return "sunny"  # <-- here
