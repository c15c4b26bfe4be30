# kind: exits and signals
# tries: to end the process when its event loop is closed, between two runs
# exercise: 03_gather_weather
# outcome: FAIL exits
import asyncio
import os

import httpx

TASKS = []


async def later():
    try:
        await asyncio.sleep(1000)
    finally:
        os._exit(0)


async def fetch_weather(cities, base_url):
    async def fetch(city):
        response = await client.get(f"{base_url}/weather/{city}")
        response.raise_for_status()
        return response.json()

    TASKS.append(asyncio.create_task(later()))
    async with httpx.AsyncClient() as client:
        return await asyncio.gather(*map(fetch, cities))
