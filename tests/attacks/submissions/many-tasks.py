# kind: never ends
# tries: twenty thousand tasks that wait, and a picture of all of them
# exercise: 03_gather_weather
# outcome: FAIL
import asyncio


async def fetch_weather(cities, base_url):
    async with asyncio.TaskGroup() as group:
        for number in range(20_000):
            group.create_task(asyncio.sleep(number % 7))
    return []
