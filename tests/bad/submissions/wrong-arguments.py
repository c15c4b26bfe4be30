import asyncio

import httpx


async def fetch_weather(cities):
    return []
