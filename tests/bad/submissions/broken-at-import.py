# expected: broken-at-import
import asyncio

LIMIT = int("twenty")  # <-- here


async def fetch_weather(cities, base_url):
    return []
