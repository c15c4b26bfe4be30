# expected: asked-for-input
import asyncio

import httpx


async def fetch_weather(cities, base_url):
    return [input("City? ")]  # <-- here
