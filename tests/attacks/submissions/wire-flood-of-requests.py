# kind: wire messages
# tries: two hundred thousand requests under numbers that are in use
# exercise: 03_gather_weather
# outcome: FAIL
import asyncio
import gc

gc.unfreeze()


async def fetch_weather(cities, base_url):
    channel = next(value for value in gc.get_objects() if type(value).__name__ == "PipeChannel")
    http = {"type": "http", "method": "GET", "url": f"{base_url}/weather/Zürich", "headers": [], "content": "", "client": 1, "line": None}
    for number in range(200_000):
        channel.send({**http, "id": number % 3})
    await asyncio.sleep(1)
    return []
