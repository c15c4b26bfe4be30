# kind: patching
# tries: a client of its own making, whose answers come out of thin air
# exercise: 03_gather_weather
# outcome: FAIL wrong-result
import asyncio

import httpx


async def send(self, request, **options):
    await asyncio.sleep(1)
    return httpx.Response(200, json={"city": request.url.path[9:], "degrees": 20}, request=request)


httpx.AsyncClient.send = httpx.AsyncHTTPTransport.handle_async_request = send


async def fetch_weather(cities, base_url):
    async with httpx.AsyncClient() as client:
        answers = await asyncio.gather(*(client.get(f"{base_url}/weather/{city}") for city in cities))
    return [answer.json() for answer in answers]
