import asyncio


async def make_breakfast(dishes, cook):
    return await asyncio.gather(*(cook(dish) for dish in dishes))
