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
            await judit.acquire()
            try:
                await table.judit_moves()
            finally:
                judit.release()
            await table.opponent_replies()

    async with asyncio.TaskGroup() as group:
        for table in tables:
            group.create_task(game(table))
