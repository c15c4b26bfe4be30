import asyncio


async def breakfast(dishes, cook):
    served = await asyncio.gather(*(cook(dish) for dish in dishes))
    await asyncio.sleep(2)
    return served
