import asyncio


async def fetch_weather(cities, base_url):
    results = [
    return results
