import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    async def query(path):
        async with connect(path) as db, db.execute(sql) as cursor:
            return [await cursor.fetchone()]

    return await asyncio.gather(*(query(path) for path in paths))  # <-- here
