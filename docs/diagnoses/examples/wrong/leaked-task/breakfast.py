import asyncio


async def wash_up():
    await asyncio.sleep(3)


async def breakfast(dishes, cook):
    served = await asyncio.gather(*(cook(dish) for dish in dishes))
    asyncio.create_task(wash_up())
    return served
