import asyncio

LIMIT = int("twenty")


async def fetch_weather(cities, base_url):
    return []
