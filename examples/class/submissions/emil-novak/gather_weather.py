import httpx


async def fetch_weather(cities, base_url):
    async with httpx.AsyncClient() as client:
        responses = [client.get(f"{base_url}/weather/{city}") for city in cities]
        return [response.json() for response in responses]
