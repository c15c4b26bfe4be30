import asyncio


async def breakfast(dishes, cook):
    return await asyncio.gather(*[await cook(dish) for dish in dishes])
