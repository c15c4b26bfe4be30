# expected: wrong-type
import asyncio

import httpx


async def fetch_weather(cities, base_url):
    return ["x" * 1000] * 50_000  # <-- here
