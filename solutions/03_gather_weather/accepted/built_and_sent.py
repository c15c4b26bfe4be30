import asyncio

import httpx


async def fetch_weather(cities, base_url):
    client = httpx.AsyncClient(headers={"accept": "application/json"}, follow_redirects=True)
    try:
        requests = [client.build_request("GET", f"{base_url}/weather/{city}") for city in cities]
        responses = await asyncio.gather(*(client.send(request) for request in requests))
        for response in responses:
            response.raise_for_status()
        return [response.json() for response in responses]
    finally:
        await client.aclose()
