# expected: never-ends
import asyncio

import httpx


async def fetch_weather(cities, base_url):
    return 10**10**9  # <-- here
