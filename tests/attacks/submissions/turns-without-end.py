# kind: never ends
# tries: to give turns for ever, each of no time
# exercise: 03_gather_weather
# outcome: FAIL never-ends
import asyncio


async def fetch_weather(cities, base_url):
    while True:
        await asyncio.sleep(0)
