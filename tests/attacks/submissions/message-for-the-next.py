# kind: leaking
# tries: to leave the first check's answers where the process of another submission could find them
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
# needs: full
import asyncio
import contextlib
import json
import os
import tempfile

import httpx

PLACE = os.path.join(tempfile.gettempdir(), "onedelay-attack-answers")


async def fetch_weather(cities, base_url):
    with contextlib.suppress(OSError, ValueError):
        known = json.loads(open(PLACE).read())
        await asyncio.sleep(1)
        return [known[city] for city in cities if city in known]
    async with httpx.AsyncClient() as client:
        answers = await asyncio.gather(*(client.get(f"{base_url}/weather/{city}") for city in cities))
    with contextlib.suppress(OSError):
        open(PLACE, "w").write(json.dumps({city: answer.json() for city, answer in zip(cities, answers)}))
    return [answer.json() for answer in answers]
