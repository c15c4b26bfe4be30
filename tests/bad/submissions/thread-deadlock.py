# expected: deadlocked
import asyncio

import httpx

import threading


async def fetch_weather(cities, base_url):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()  # <-- here
