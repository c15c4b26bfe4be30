# kind: patching
# tries: a gather and a wait_for that return at once, whatever they are given
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
import asyncio
import asyncio.tasks


async def nothing(*awaitables, **options):
    for awaitable in awaitables:
        if asyncio.iscoroutine(awaitable):
            awaitable.close()
    return [{"city": "?", "degrees": 0} for _ in awaitables]


asyncio.gather = asyncio.tasks.gather = asyncio.wait_for = asyncio.tasks.wait_for = nothing


async def fetch_weather(cities, base_url):
    return await asyncio.gather(*(asyncio.sleep(1) for _ in cities))
