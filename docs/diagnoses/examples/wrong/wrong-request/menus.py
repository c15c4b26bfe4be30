import asyncio

import httpx


async def menus(days, base_url):
    async with httpx.AsyncClient() as client:
        answers = await asyncio.gather(*(client.get(f"{base_url}/menus/{day}") for day in days))
    return [answer.text for answer in answers]
