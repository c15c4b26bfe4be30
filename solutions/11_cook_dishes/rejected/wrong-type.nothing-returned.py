import asyncio


async def cook_dish(name, minutes, log, simmer):  # <-- here
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")


async def cook_all(dishes, log, simmer):
    finished = []

    async def cook(name, minutes):
        await cook_dish(name, minutes, log, simmer)
        finished.append(name)

    await asyncio.gather(*(cook(name, minutes) for name, minutes in dishes.items()))
    return finished
