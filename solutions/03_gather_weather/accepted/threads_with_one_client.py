import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx


async def fetch_weather(cities, base_url):
    loop = asyncio.get_running_loop()
    with httpx.Client() as client, ThreadPoolExecutor(50) as pool:

        def fetch(city):
            return client.get(f"{base_url}/weather/{city}").raise_for_status().json()

        return await asyncio.gather(*(loop.run_in_executor(pool, fetch, city) for city in cities))
