import asyncio


async def one_by_one(tables, pairs):
    for table in tables:
        for _ in range(pairs):
            await table.judit_moves()
            await table.opponent_replies()


async def simultaneous(tables, pairs):  # <-- here
    thinking = {}
    for _ in range(pairs):
        for number, table in enumerate(tables):
            if number in thinking:
                await thinking[number]
            await table.judit_moves()
            thinking[number] = asyncio.create_task(table.opponent_replies())
