import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    finished = []
    pots = asyncio.Semaphore(2)

    async def cook(name, minutes):
        async with pots:  # <-- here
            finished.append(await cook_dish(name, minutes, log, simmer))

    await asyncio.gather(*(cook(*dish) for dish in dishes.items()))
    return finished
