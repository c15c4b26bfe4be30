import asyncio


async def breakfast(dishes, cook):
    stove = asyncio.Semaphore(2)

    async def on_the_stove(dish):
        async with stove:
            return await cook(dish)

    return await asyncio.gather(*(on_the_stove(dish) for dish in dishes))
