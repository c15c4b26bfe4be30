import asyncio


async def breakfast(dishes, cook):
    served = []

    async def serve(dish):
        served.append(await cook(dish))

    await asyncio.gather(*(serve(dish) for dish in dishes))
    return served
