# expected: wrong-result
import asyncio

import httpx

import threading
import time


async def fetch_weather(cities, base_url):
    threading.Thread(target=time.sleep, args=(100_000,)).start()
    return []  # <-- here
