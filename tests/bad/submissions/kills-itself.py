# expected: crashed
import asyncio

import httpx

import os
import signal


async def fetch_weather(cities, base_url):
    os.kill(os.getpid(), signal.SIGKILL)
