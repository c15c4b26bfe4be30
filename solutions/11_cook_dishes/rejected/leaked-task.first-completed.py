import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    cooking = [asyncio.create_task(cook_dish(*dish, log, simmer)) for dish in dishes.items()]  # <-- here
    finished = []
    for dish in cooking:
        dish.add_done_callback(lambda done: finished.append(done.result()))
    await asyncio.wait(cooking, return_when=asyncio.FIRST_COMPLETED) if cooking else None
    return finished
