# kind: caching and guessing
# tries: to wait one delay and to guess, without a single request
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
import asyncio
import random

random.seed(0)


async def fetch_weather(cities, base_url):
    await asyncio.sleep(1)
    return [{"city": city, "degrees": random.randint(-20, 40)} for city in cities]
