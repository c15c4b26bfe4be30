# expected: never-ends
import asyncio

import httpx


async def fetch_weather(cities, base_url):
    count = 0
    while True:  # <-- here
        count += 1  # <-- here
