import asyncio

import httpx


async def fetch(client, url):
    response = await client.get(url)
    response.raise_for_status()
    return response.json()


async def fetch_weather(cities, base_url):
    forecasts = {}
    queue = asyncio.Queue()
    for number, city in enumerate(cities):
        queue.put_nowait((number, city))

    async def worker():
        while not queue.empty():
            number, city = queue.get_nowait()
            forecasts[number] = await fetch(client, f"{base_url}/weather/{city}")

    async with httpx.AsyncClient() as client:
        await asyncio.gather(*(worker() for _ in range(25)))
    return [forecasts[number] for number in range(len(cities))]
