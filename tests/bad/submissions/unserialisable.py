# expected: wrong-type
import asyncio

import httpx


async def fetch_weather(cities, base_url):
    return [object(), lambda: 1, {1: open}, asyncio]  # <-- here
