import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    async def query(path):
        async with await connect(path) as db:  # <-- here
            return await db.execute_fetchall(sql)

    return await asyncio.gather(*(query(path) for path in paths))
