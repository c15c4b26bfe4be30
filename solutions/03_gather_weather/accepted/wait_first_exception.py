import asyncio

import httpx


async def fetch(client, url):
    response = await client.get(url)
    response.raise_for_status()
    return response.json()


async def fetch_weather(cities, base_url):
    async with httpx.AsyncClient() as client:
        tasks = [asyncio.ensure_future(fetch(client, f"{base_url}/weather/{city}")) for city in cities]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for task in done:
            if task.exception():
                raise task.exception()
        return [task.result() for task in tasks]
