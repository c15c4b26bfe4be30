# expected: exits
import asyncio

import httpx

import sys


async def fetch_weather(cities, base_url):
    sys.exit(0)  # <-- here
