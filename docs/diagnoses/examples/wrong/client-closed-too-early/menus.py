import asyncio

import httpx


async def menus(days, base_url):
    async with httpx.AsyncClient() as client:
        requests = [client.get(f"{base_url}/menu/{day}") for day in days]
    answers = await asyncio.gather(*requests)
    return [answer.text for answer in answers]
