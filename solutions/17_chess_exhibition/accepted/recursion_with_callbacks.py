import asyncio


async def one_by_one(tables, pairs):
    for table in tables:
        for _ in range(pairs):
            await table.judit_moves()
            await table.opponent_replies()


async def simultaneous(tables, pairs):
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    lock = asyncio.Lock()
    left = len(tables)
    tasks = set()

    def start(table, number):
        task = loop.create_task(pair(table))
        tasks.add(task)
        task.add_done_callback(lambda task: following(task, table, number))

    def following(task, table, number):
        nonlocal left
        tasks.discard(task)
        if task.exception() and not over.done():
            over.set_exception(task.exception())
        elif number + 1 < pairs:
            start(table, number + 1)
        else:
            left -= 1
            if not left and not over.done():
                over.set_result(None)

    async def pair(table):
        async with lock:
            await table.judit_moves()
        await table.opponent_replies()

    for table in tables:
        start(table, 0)
    await over
