import asyncio


async def breakfast(dishes, cook):
    stove, pan = asyncio.Lock(), asyncio.Lock()

    async def fry(dish):
        async with stove:
            await asyncio.sleep(0)
            async with pan:
                return await cook(dish)

    async def boil(dish):
        async with pan:
            await asyncio.sleep(0)
            async with stove:
                return await cook(dish)

    tea, toast, eggs, *others = dishes
    served = await asyncio.gather(boil(tea), cook(toast), fry(eggs))
    return served + await asyncio.gather(*map(cook, others))
