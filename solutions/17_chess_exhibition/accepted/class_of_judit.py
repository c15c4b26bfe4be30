import asyncio


async def one_by_one(tables, pairs):
    for table in tables:
        for _ in range(pairs):
            await table.judit_moves()
            await table.opponent_replies()


class Judit:
    def __init__(self):
        self._free = asyncio.Event()
        self._free.set()

    async def move_at(self, table):
        while not self._free.is_set():
            await self._free.wait()
        self._free.clear()
        await table.judit_moves()
        self._free.set()


async def simultaneous(tables, pairs):
    judit = Judit()

    async def game(table):
        for _ in range(pairs):
            await judit.move_at(table)
            await table.opponent_replies()

    await asyncio.gather(*(game(table) for table in tables))
