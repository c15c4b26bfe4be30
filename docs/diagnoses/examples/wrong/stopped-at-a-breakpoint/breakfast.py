import asyncio


async def breakfast(dishes, cook):
    cooking = [cook(dish) for dish in dishes]
    breakpoint()
    return await asyncio.gather(*cooking)
