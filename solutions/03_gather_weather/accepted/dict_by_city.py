import asyncio

import httpx


async def fetch(client, url):
    response = await client.get(url)
    response.raise_for_status()
    return response.json()


async def fetch_weather(cities, base_url):
    by_city = {}

    async def keep(client, city):
        by_city[city] = await fetch(client, httpx.URL(base_url).join(f"/weather/{city}"))

    async with httpx.AsyncClient() as client:
        await asyncio.gather(*[keep(client, city) for city in cities])
    return [by_city[city] for city in cities]
