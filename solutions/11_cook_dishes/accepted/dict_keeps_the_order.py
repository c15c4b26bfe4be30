import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    done = {}

    async def cook(name, minutes):
        await cook_dish(name, minutes, log, simmer)
        done[name] = True

    await asyncio.gather(*[cook(n, m) for n, m in dishes.items()])
    return [*done]
