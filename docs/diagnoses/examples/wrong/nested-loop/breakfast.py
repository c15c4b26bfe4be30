import asyncio


async def breakfast(dishes, cook):
    return [asyncio.run(cook(dish)) for dish in dishes]
