# kind: patching
# tries: nothing: it patches much, and does its work
# exercise: 03_gather_weather
# outcome: PASS
import asyncio
import builtins
import time

import httpx

builtins.print_it = print
builtins.sum = lambda values, start=0: start
time.started = time.time()
gather = asyncio.gather


def counted(*awaitables, **options):
    counted.calls += 1
    return gather(*awaitables, **options)


counted.calls = 0
asyncio.gather = counted


async def fetch_weather(cities, base_url):
    async def fetch(city):
        response = await client.get(f"{base_url}/weather/{city}")
        response.raise_for_status()
        return response.json()

    async with httpx.AsyncClient() as client:
        return await asyncio.gather(*map(fetch, cities))
