import asyncio


async def breakfast(dishes, cook):
    return await asyncio.gather([cook(dish) for dish in dishes])
