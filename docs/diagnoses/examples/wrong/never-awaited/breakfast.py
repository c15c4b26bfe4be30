import asyncio


async def lay_the_table():
    await asyncio.sleep(0.5)


async def breakfast(dishes, cook):
    lay_the_table()
    return await asyncio.gather(*(cook(dish) for dish in dishes))
