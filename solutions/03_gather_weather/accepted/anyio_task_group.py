import anyio
import httpx


async def fetch_weather(cities, base_url):
    forecasts = {}

    async def fetch(city):
        response = await client.get(f"{base_url}/weather/{city}")
        forecasts[city] = response.raise_for_status().json()

    async with httpx.AsyncClient() as client:
        async with anyio.create_task_group() as group:
            for city in cities:
                group.start_soon(fetch, city)
    return [forecasts[city] for city in cities]
