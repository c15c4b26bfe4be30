import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await asyncio.sleep(minutes)
    log(f"Finished {name}")
    return name  # <-- here


async def cook_all(dishes, log, simmer):
    out = []

    async def one(n, m):
        out.append(await cook_dish(n, m, log, simmer))

    await asyncio.gather(*[one(n, m) for n, m in dishes.items()])
    return out
