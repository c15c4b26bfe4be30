import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    return await asyncio.gather(
        *[await cook_dish(name, minutes, log, simmer) for name, minutes in dishes.items()]  # <-- here
    )
