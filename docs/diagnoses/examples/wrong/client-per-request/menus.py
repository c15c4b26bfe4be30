import asyncio

import httpx


async def menu(day, base_url):
    async with httpx.AsyncClient() as client:
        return (await client.get(f"{base_url}/menu/{day}")).text


async def menus(days, base_url):
    return await asyncio.gather(*(menu(day, base_url) for day in days))
