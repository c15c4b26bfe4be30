# expected: syntax-error
import asyncio


async def fetch_weather(cities, base_url):
    results = [  # <-- here
    return results
