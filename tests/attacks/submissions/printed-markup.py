# kind: markup in output
# tries: HTML, ANSI, bidi and control characters in what it prints, and does its work
# exercise: 03_gather_weather
# outcome: PASS
import asyncio
import sys

import httpx

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\x1b[2J\x1b]0;title\x07\x1b[31m\u202egnp.exe\u2066\x00\x08\x9b31m]]>-->"


async def fetch_weather(cities, base_url):
    async def fetch(city):
        response = await client.get(f"{base_url}/weather/{city}")
        response.raise_for_status()
        return response.json()

    print(EVIL)
    print("=cmd|' /C calc'!A0", file=sys.stderr)
    sys.stdout.buffer.write(b"\xff\xfe\x1b[1m\r\n")
    async with httpx.AsyncClient() as client:
        return await asyncio.gather(*map(fetch, cities))
