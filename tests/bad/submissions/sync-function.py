# expected: not-a-coroutine
import asyncio

import httpx


def fetch_weather(cities, base_url):  # <-- here
    return [httpx.get(f"{base_url}/weather/{city}").json() for city in cities]
