import asyncio
import sys


async def breakfast(dishes, cook):
    served = await asyncio.gather(*(cook(dish) for dish in dishes))
    sys.exit()
