import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    counter = asyncio.Queue()

    async def cook(name, minutes):
        await counter.put(await cook_dish(name, minutes, log, simmer))

    cooks = [asyncio.create_task(cook(*dish)) for dish in dishes.items()]
    served = [await counter.get() for _ in cooks]
    await asyncio.gather(*cooks)
    return served
