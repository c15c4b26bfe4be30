import asyncio


async def one_by_one(tables, pairs):
    for table in tables:
        for _ in range(pairs):
            await table.judit_moves()
            await table.opponent_replies()


async def simultaneous(tables, pairs):
    ready = asyncio.Queue()
    for table in tables:
        ready.put_nowait((table, 1))
    replies = set()

    async def reply(table, number):
        await table.opponent_replies()
        if number < pairs:
            ready.put_nowait((table, number + 1))

    for _ in range(len(tables) * pairs):
        table, number = await ready.get()
        await table.judit_moves()
        replies.add(asyncio.create_task(reply(table, number)))
    await asyncio.gather(*replies)
