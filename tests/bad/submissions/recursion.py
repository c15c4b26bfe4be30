import asyncio

import httpx


def again(n):
    return again(n + 1)


async def fetch_weather(cities, base_url):
    return again(0)
