import asyncio


async def one_by_one(tables, pairs):
    for table in tables:
        for _ in range(pairs):
            await table.judit_moves()
            await table.opponent_replies()


async def simultaneous(tables, pairs):
    lock = asyncio.Lock()

    async def game(t):
        for _ in range(pairs):
            await lock.acquire()  # <-- here
            await t.judit_moves()
            await t.opponent_replies()

    await asyncio.gather(*map(game, tables))
