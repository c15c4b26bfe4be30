import asyncio


async def one_by_one(tables, pairs):
    for table in tables:
        for _ in range(pairs):
            await table.judit_moves()
            await table.opponent_replies()


async def simultaneous(tables, pairs):
    token = asyncio.Queue(1)
    await token.put("Judit")

    async def game(table):
        for _ in range(pairs):
            judit = await token.get()
            await table.judit_moves()
            await token.put(judit)
            await table.opponent_replies()

    await asyncio.gather(*map(game, tables))
