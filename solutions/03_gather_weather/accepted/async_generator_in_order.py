import asyncio

import httpx


async def forecasts(cities, base_url):
    async with httpx.AsyncClient() as client:
        tasks = [asyncio.create_task(client.get(f"{base_url}/weather/{city}")) for city in cities]
        for task in tasks:
            yield (await task).raise_for_status().json()


async def fetch_weather(cities, base_url):
    return [forecast async for forecast in forecasts(cities, base_url)]
