import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    return [  # <-- here
        await f for f in asyncio.as_completed([cook_dish(n, m, log, simmer) for n, m in dishes.items()])
    ]
