import asyncio


async def one_by_one(tables, pairs):
    for table in tables:
        for _ in range(pairs):
            await table.judit_moves()
            await table.opponent_replies()


async def simultaneous(tables, pairs):
    condition = asyncio.Condition()
    busy = False

    async def game(table):
        nonlocal busy
        for _ in range(pairs):
            async with condition:
                await condition.wait_for(lambda: not busy)
                busy = True
            await table.judit_moves()
            async with condition:
                busy = False
                condition.notify()
            await table.opponent_replies()

    await asyncio.gather(*[game(table) for table in tables])
