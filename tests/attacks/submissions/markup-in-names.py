# kind: markup in output
# tries: functions and tasks whose names are markup
# exercise: 03_gather_weather
# outcome: FAIL
import asyncio

EVIL = "<svg onload=alert(1)>\x1b[2J\u202e|=1+1"


async def work():
    await asyncio.sleep(3)


async def fetch_weather(cities, base_url):
    work.__qualname__ = work.__name__ = EVIL
    for _ in cities:
        coroutine = work()
        coroutine.__qualname__ = coroutine.__name__ = EVIL
        asyncio.create_task(coroutine, name=EVIL)
    return []
