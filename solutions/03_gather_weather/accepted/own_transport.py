import asyncio

import httpx


async def fetch_weather(cities, base_url):
    transport = httpx.AsyncHTTPTransport(retries=0)
    async with httpx.AsyncClient(transport=transport) as client:

        async def fetch(city):
            response = await client.request("GET", base_url + "/weather/" + city)
            response.raise_for_status()
            return dict(response.json())

        return list(await asyncio.gather(*[fetch(c) for c in cities]))
