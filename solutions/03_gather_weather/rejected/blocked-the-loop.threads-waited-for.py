from concurrent.futures import ThreadPoolExecutor

import httpx


async def fetch_weather(cities, base_url):
    with httpx.Client() as client, ThreadPoolExecutor(50) as pool:
        futures = [pool.submit(client.get, f"{base_url}/weather/{city}") for city in cities]
        responses = [future.result() for future in futures]  # <-- here
    return [response.raise_for_status().json() for response in responses]
