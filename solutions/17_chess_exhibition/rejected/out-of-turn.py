import asyncio


async def one_by_one(tables, pairs):
    for table in tables:
        for _ in range(pairs):
            await table.judit_moves()
            await table.opponent_replies()


async def simultaneous(tables, pairs):
    for _ in range(pairs):
        for table in tables:
            await table.judit_moves()  # <-- here
            asyncio.create_task(table.opponent_replies())
    await asyncio.sleep(55)
