import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    async def query(path):
        db = await connect(path)  # <-- here
        rows = await db.execute_fetchall(sql)
        await db.close()
        return rows

    return await asyncio.gather(*(query(path) for path in paths))
