# expected: broke-the-channel
import asyncio

import httpx

import os


async def fetch_weather(cities, base_url):
    for fd in range(3, 20):
        try:
            os.write(fd, b'\x00\x00\x00\x10{"type":"done"} ')
        except OSError:
            pass
    return []
