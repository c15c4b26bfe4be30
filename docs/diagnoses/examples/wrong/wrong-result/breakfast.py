import asyncio


async def breakfast(dishes, cook):
    served = await asyncio.gather(*(cook(dish) for dish in dishes))
    return [dish.title() for dish in served]
