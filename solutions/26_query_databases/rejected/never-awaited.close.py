import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    async def query(path):
        db = await connect(path)
        try:
            return await db.execute_fetchall(sql)
        finally:
            db.close()  # <-- here

    return await asyncio.gather(*(query(path) for path in paths))
