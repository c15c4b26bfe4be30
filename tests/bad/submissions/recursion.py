# expected: recursion-too-deep
import asyncio

import httpx


def again(n):
    return again(n + 1)  # <-- here


async def fetch_weather(cities, base_url):
    return again(0)
