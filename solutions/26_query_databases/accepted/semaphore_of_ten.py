import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    limit = asyncio.Semaphore(10)

    async def query(path):
        async with limit, connect(path) as db:
            cursor = await db.execute(sql)
            rows = await cursor.fetchall()
            await cursor.close()
            return rows

    return await asyncio.gather(*[query(path) for path in paths])
