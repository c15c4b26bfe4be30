# expected: exits
import asyncio

import httpx

import sys


async def leave():
    sys.exit(3)  # <-- here


async def fetch_weather(cities, base_url):
    await asyncio.gather(*(leave() for _ in cities))
