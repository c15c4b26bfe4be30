import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    async def query(path):
        async with connect(path) as db:
            cursor = await db.execute(sql)
            return cursor.fetchall()  # <-- here

    return await asyncio.gather(*(query(path) for path in paths))
