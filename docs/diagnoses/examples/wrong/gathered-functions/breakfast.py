import asyncio
from functools import partial


async def breakfast(dishes, cook):
    orders = [partial(cook, dish) for dish in dishes]
    return await asyncio.gather(*orders)
