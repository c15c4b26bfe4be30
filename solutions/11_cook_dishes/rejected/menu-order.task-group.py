import asyncio


async def cook_dish(name, minutes, log, simmer):
    log(f"Starting {name}")
    await simmer(name, minutes)
    log(f"Finished {name}")
    return name


async def cook_all(dishes, log, simmer):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(cook_dish(name, minutes, log, simmer)) for name, minutes in dishes.items()]
    return [task.result() for task in tasks]  # <-- here
