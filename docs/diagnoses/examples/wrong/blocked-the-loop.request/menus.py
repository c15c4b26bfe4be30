import asyncio

import httpx


async def menus(days, base_url):
    client = httpx.Client()

    async def ask(day):
        return client.get(f"{base_url}/menu/{day}").text

    return await asyncio.gather(*(ask(day) for day in days))
