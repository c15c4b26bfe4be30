import asyncio
from contextlib import AsyncExitStack

import httpx


class Weather:
    def __init__(self, base_url):
        self._base_url = base_url
        self._stack = AsyncExitStack()

    async def __aenter__(self):
        limits = httpx.Limits(max_connections=50, max_keepalive_connections=20)
        self._client = await self._stack.enter_async_context(httpx.AsyncClient(limits=limits))
        return self

    async def __aexit__(self, *exc):
        await self._stack.aclose()

    async def of(self, city):
        response = await self._client.get(f"{self._base_url}/weather/{city}")
        response.raise_for_status()
        return response.json()


async def fetch_weather(cities, base_url):
    async with Weather(base_url) as weather:
        return await asyncio.gather(*(weather.of(city) for city in cities))
