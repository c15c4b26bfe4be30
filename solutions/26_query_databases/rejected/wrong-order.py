import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    async def query(path):
        async with connect(path) as db:
            return await db.execute_fetchall(sql)

    return [await rows for rows in asyncio.as_completed([query(path) for path in paths])]  # <-- here
