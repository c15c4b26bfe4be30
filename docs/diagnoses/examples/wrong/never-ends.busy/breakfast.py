import asyncio


async def breakfast(dishes, cook):
    tasks = [asyncio.create_task(cook(dish)) for dish in dishes]
    while not tasks[-1].done():
        pass
    return [task.result() for task in tasks]
