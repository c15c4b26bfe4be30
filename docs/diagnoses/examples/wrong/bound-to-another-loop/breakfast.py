import asyncio

table = asyncio.Queue()


async def breakfast(dishes, cook):
    async def bring(dish):
        await table.put((dish, await cook(dish)))

    async with asyncio.TaskGroup() as group:
        for dish in dishes:
            group.create_task(bring(dish))
        served = dict([await table.get() for _ in dishes])
    return [served[dish] for dish in dishes]
