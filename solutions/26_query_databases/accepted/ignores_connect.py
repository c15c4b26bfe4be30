import asyncio

import aiosqlite


class Database:
    def __init__(self, path):
        self.path = path

    async def __aenter__(self):
        self.db = await aiosqlite.connect(self.path)
        self.db.row_factory = lambda cursor, row: tuple(row)
        return self.db

    async def __aexit__(self, *exc):
        await self.db.close()


async def query_databases(paths, sql, *, connect=None):
    async def query(path):
        async with Database(path) as db:
            return await db.execute_fetchall(sql)

    return list(await asyncio.gather(*map(query, paths)))
