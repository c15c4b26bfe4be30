import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    cooking = {asyncio.create_task(cook_dish(name, minutes, log, simmer)) for name, minutes in dishes.items()}
    finished = []
    while cooking:
        done, cooking = await asyncio.wait(cooking, return_when=asyncio.FIRST_COMPLETED)
        finished.extend(task.result() for task in done)
    return finished
