# expected: wrong-result
import asyncio

import httpx


async def fetch_weather(cities, base_url):
    for _ in range(50):
        print("x" * 1_000_000)
    return []  # <-- here
