import asyncio


async def breakfast(dishes, cook):
    tasks = [asyncio.create_task(cook(dish)) for dish in dishes]
    ready = 0
    while ready < len(dishes):
        await asyncio.sleep(1)
    return [task.result() for task in tasks]
