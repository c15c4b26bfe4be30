import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def as_they_are_done(tasks):
    for task in asyncio.as_completed(tasks):
        yield await task


async def cook_all(dishes, log, simmer):
    tasks = [asyncio.ensure_future(cook_dish(name, dishes[name], log, simmer)) for name in dishes]
    return [name async for name in as_they_are_done(tasks)]
