import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    finished = []
    for name, minutes in dishes.items():
        finished.append(await cook_dish(name, minutes, log, simmer))  # <-- here
    return finished
