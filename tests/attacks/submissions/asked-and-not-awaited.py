# kind: caching and guessing
# tries: to send all requests, and not to wait for the answers
# exercise: 03_gather_weather
# outcome: FAIL leaked-task
import asyncio

import httpx


async def fetch_weather(cities, base_url):
    client = httpx.AsyncClient()
    tasks = [asyncio.create_task(client.get(f"{base_url}/weather/{city}")) for city in cities]
    await asyncio.sleep(0)
    return [{"city": city, "degrees": 20} for city in cities if tasks]
