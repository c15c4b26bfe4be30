# expected: never-awaited
import asyncio

import httpx


async def fetch_weather(cities, base_url):
    async def work():
        return []

    return work()  # <-- here
