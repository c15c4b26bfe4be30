import asyncio


async def light_the_candles():
    raise LookupError("no matches")


async def breakfast(dishes, cook):
    asyncio.create_task(light_the_candles())
    return await asyncio.gather(*(cook(dish) for dish in dishes))
