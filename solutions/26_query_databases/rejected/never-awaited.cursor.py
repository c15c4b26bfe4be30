import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    async def query(path):
        async with connect(path) as db:
            cursor = db.execute(sql)  # <-- here
            return await cursor.fetchall()

    return await asyncio.gather(*(query(path) for path in paths))
