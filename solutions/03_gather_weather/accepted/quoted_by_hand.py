import asyncio
from urllib.parse import quote

import httpx


async def fetch_weather(cities, base_url):
    async with httpx.AsyncClient() as client:
        tasks = []
        for city in cities:
            tasks.append(asyncio.create_task(client.get(f"{base_url}/weather/{quote(city, safe='')}")))
        forecasts = []
        for task in tasks:
            response = await task
            if response.status_code >= 400:
                response.raise_for_status()
            forecasts.append(response.json())
        return forecasts
