import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    async def query(path):
        async with connect(path) as db:
            db.row_factory = aiosqlite.Row
            async with db.execute(sql) as cursor:
                return [dict(row) for row in await cursor.fetchall()]

    return await asyncio.gather(*(query(path) for path in paths))  # <-- here
