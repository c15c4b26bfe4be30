# expected: raised
import asyncio

import httpx


async def fetch_weather(cities):  # <-- here
    return []
