# expected: exits
import asyncio

import httpx

import os


async def fetch_weather(cities, base_url):
    os._exit(0)  # <-- here
