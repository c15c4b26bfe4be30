import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    loop = asyncio.get_running_loop()
    when = {}

    async def cook(name):
        await cook_dish(name, dishes[name], log, simmer)
        when[name] = loop.time()

    await asyncio.gather(*map(cook, dishes))
    return sorted(when, key=when.get)
