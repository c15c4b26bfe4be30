import asyncio


async def one_by_one(tables, pairs):
    for table in tables:
        for _ in range(pairs):
            await table.judit_moves()
            await table.opponent_replies()


async def simultaneous(tables, pairs):
    ready = [(table, pairs) for table in tables]
    thinking = {}
    while ready or thinking:
        if ready:
            table, left = ready.pop(0)
            await table.judit_moves()
            thinking[asyncio.create_task(table.opponent_replies())] = (table, left - 1)
            done = {task for task in thinking if task.done()}
        else:
            done, _ = await asyncio.wait(thinking, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            table, left = thinking.pop(task)
            task.result()
            if left:
                ready.append((table, left))
