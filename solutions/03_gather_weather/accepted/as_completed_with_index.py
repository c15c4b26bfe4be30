import asyncio

import httpx


async def fetch(client, url):
    response = await client.get(url)
    response.raise_for_status()
    return response.json()


async def fetch_weather(cities, base_url):
    forecasts = [None] * len(cities)

    async def numbered(number, city):
        return number, await fetch(client, f"{base_url}/weather/{city}")

    async with httpx.AsyncClient() as client:
        for answer in asyncio.as_completed([numbered(number, city) for number, city in enumerate(cities)]):
            number, forecast = await answer
            forecasts[number] = forecast
    return forecasts
