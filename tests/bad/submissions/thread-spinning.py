# expected: never-ends
import asyncio

import httpx

import threading


def spin():
    while True:  # <-- here
        pass  # <-- here


async def fetch_weather(cities, base_url):
    threading.Thread(target=spin).start()
    return []
