import asyncio

import httpx


async def fetch(client, url):
    response = await client.get(url)
    response.raise_for_status()
    return response.json()


async def fetch_weather(cities, base_url):
    forecasts = [None] * len(cities)

    async with httpx.AsyncClient() as client:
        tasks = []
        for number, city in enumerate(cities):
            task = asyncio.create_task(fetch(client, f"{base_url}/weather/{city}"), name=city)

            def store(task, number=number):
                if not task.cancelled() and task.exception() is None:
                    forecasts[number] = task.result()

            task.add_done_callback(store)
            tasks.append(task)
        await asyncio.gather(*tasks)
    return forecasts
