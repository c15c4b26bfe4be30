import asyncio


async def one_by_one(tables, pairs):
    for table in tables:
        for _ in range(pairs):
            await table.judit_moves()
            await table.opponent_replies()


async def simultaneous(tables, pairs):
    loop = asyncio.get_running_loop()
    ready = asyncio.PriorityQueue()
    for i, t in enumerate(tables):
        ready.put_nowait((0, i))
    left = [pairs] * len(tables)
    async with asyncio.TaskGroup() as tg:

        async def reply(i):
            await tables[i].opponent_replies()
            left[i] -= 1
            if left[i]:
                ready.put_nowait((loop.time(), i))

        for _ in range(len(tables) * pairs):
            _, i = await ready.get()
            await tables[i].judit_moves()
            tg.create_task(reply(i))
