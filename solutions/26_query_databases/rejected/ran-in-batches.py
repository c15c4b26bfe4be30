import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    connections = asyncio.Semaphore(4)

    async def query(path):
        async with connections:  # <-- here
            async with connect(path) as db:
                return await db.execute_fetchall(sql)

    return await asyncio.gather(*(query(path) for path in paths))
