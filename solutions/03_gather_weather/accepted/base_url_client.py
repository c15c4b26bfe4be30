import asyncio

import httpx


async def fetch_weather(cities, base_url):
    async with httpx.AsyncClient(base_url=base_url, timeout=httpx.Timeout(30)) as client:

        async def forecast(city):
            return (await client.get(f"/weather/{city}")).raise_for_status().json()

        return await asyncio.gather(*map(forecast, cities))
