import asyncio

import httpx


async def check(response):
    response.raise_for_status()


async def fetch_weather(cities, base_url):
    async with httpx.AsyncClient(event_hooks={"response": [check]}) as client:
        responses = await asyncio.gather(*(client.get(f"{base_url}/weather/{city}") for city in cities))
    return [response.json() for response in responses]
