# kind: fake clocks
# tries: an event loop and a policy of its own, on a clock of its own
# exercise: 03_gather_weather
# outcome: FAIL ran-sequentially
import asyncio
import threading

import httpx


class Loop(asyncio.SelectorEventLoop):
    def time(self):
        return 0.0


async def one_after_another(cities, base_url):
    async with httpx.AsyncClient() as client:
        answers = [await client.get(f"{base_url}/weather/{city}") for city in cities]
    return [answer.raise_for_status().json() for answer in answers]


async def fetch_weather(cities, base_url):
    def run(future):
        with asyncio.Runner() as runner:
            value = runner.run(one_after_another(cities, base_url))
        future.get_loop().call_soon_threadsafe(future.set_result, value)

    asyncio.get_running_loop().time = lambda: 0.0
    future = asyncio.get_running_loop().create_future()
    threading.Thread(target=run, args=[future]).start()
    return await future
