import asyncio


async def breakfast(dishes, cook):
    served = await asyncio.gather(*(cook(dish) for dish in dishes))
    return [await dish for dish in served]
