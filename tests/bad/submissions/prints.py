# expected: wrong-result
import asyncio

import httpx

import logging


async def fetch_weather(cities, base_url):
    print("fetching", len(cities), "cities")
    logging.warning("slow network")
    return []  # <-- here
