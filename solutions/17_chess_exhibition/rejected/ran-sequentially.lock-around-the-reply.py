import asyncio


async def one_by_one(tables, pairs):
    for table in tables:
        for _ in range(pairs):
            await table.judit_moves()
            await table.opponent_replies()


async def simultaneous(tables, pairs):
    judit = asyncio.Lock()

    async def game(table):
        for _ in range(pairs):
            async with judit:  # <-- here
                await table.judit_moves()
                await table.opponent_replies()

    await asyncio.gather(*(game(table) for table in tables))
