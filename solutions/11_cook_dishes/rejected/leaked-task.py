import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    asyncio.create_task(simmer(name, minutes))  # <-- here
    log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    return await asyncio.gather(*(cook_dish(name, minutes, log, simmer) for name, minutes in dishes.items()))
