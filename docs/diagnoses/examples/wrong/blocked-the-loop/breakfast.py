import asyncio
import time


async def breakfast(dishes, cook):
    async def serve(dish):
        time.sleep(0.5)
        return await cook(dish)

    return await asyncio.gather(*(serve(dish) for dish in dishes))
