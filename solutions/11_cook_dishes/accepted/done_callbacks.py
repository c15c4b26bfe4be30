import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    finished = []
    tasks = []
    for name, minutes in dishes.items():
        task = asyncio.create_task(cook_dish(name, minutes, log, simmer))
        task.add_done_callback(lambda task: finished.append(task.result()))
        tasks.append(task)
    await asyncio.gather(*tasks)
    await asyncio.sleep(0)
    return finished
