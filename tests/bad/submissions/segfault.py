# expected: crashed
import asyncio

import httpx

import ctypes


async def fetch_weather(cities, base_url):
    ctypes.string_at(0)  # <-- here
