import asyncio


async def one_by_one(tables, pairs):
    for table in tables:
        for _ in range(pairs):
            await table.judit_moves()
            await table.opponent_replies()


async def game(table, pairs):
    judit = asyncio.Lock()
    for _ in range(pairs):
        async with judit:
            await table.judit_moves()  # <-- here
        await table.opponent_replies()


async def simultaneous(tables, pairs):
    await asyncio.gather(*(game(table, pairs) for table in tables))
