import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    finished = []

    async def cook(name, minutes):
        await simmer(name, minutes)
        finished.append(name)

    for name in dishes:
        log(f"Starting {name}")
    await asyncio.gather(*(cook(name, minutes) for name, minutes in dishes.items()))
    for name in dishes:
        log(f"Finished {name}")
    return finished  # <-- here
