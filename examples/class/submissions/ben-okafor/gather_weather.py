import httpx


async def fetch_weather(cities, base_url):
    results = []
    async with httpx.AsyncClient() as client:
        for city in cities:
            response = await client.get(f"{base_url}/weather/{city}")
            response.raise_for_status()
            results.append(response.json())
    return results
