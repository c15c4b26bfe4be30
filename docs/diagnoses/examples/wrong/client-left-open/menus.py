import asyncio

import httpx


async def menus(days, base_url):
    client = httpx.AsyncClient()
    answers = await asyncio.gather(*(client.get(f"{base_url}/menu/{day}") for day in days))
    return [answer.text for answer in answers]
