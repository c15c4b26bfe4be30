import asyncio


async def breakfast(dishes, cook):
    served = await asyncio.gather(*(cook(dish) for dish in dishes), return_exceptions=True)
    return [str(dish) for dish in served]
