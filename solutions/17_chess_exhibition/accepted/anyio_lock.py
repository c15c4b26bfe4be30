import anyio


async def one_by_one(tables, pairs):
    for table in tables:
        for _ in range(pairs):
            await table.judit_moves()
            await table.opponent_replies()


async def simultaneous(tables, pairs):
    judit = anyio.Lock()

    async def game(table):
        for _ in range(pairs):
            async with judit:
                await table.judit_moves()
            await table.opponent_replies()

    async with anyio.create_task_group() as group:
        for table in tables:
            group.start_soon(game, table)
