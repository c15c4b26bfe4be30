import asyncio

import httpx


async def fetch(client, url):
    response = await client.get(url)
    response.raise_for_status()
    return response.json()


async def fetch_weather(cities, base_url):
    forecasts = [None] * len(cities)
    errors = []
    queue = asyncio.Queue()
    for job in enumerate(cities):
        await queue.put(job)

    async def worker(client):
        while True:
            number, city = await queue.get()
            try:
                forecasts[number] = await fetch(client, f"{base_url}/weather/{city}")
            except httpx.HTTPError as error:
                errors.append(error)
            finally:
                queue.task_done()

    async with httpx.AsyncClient() as client:
        workers = [asyncio.create_task(worker(client)) for _ in range(len(cities))]
        await queue.join()
        for task in workers:
            task.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    if errors:
        raise errors[0]
    return forecasts
