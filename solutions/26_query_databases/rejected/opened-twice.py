import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    for path in paths:
        async with connect(path) as db:
            await db.execute("PRAGMA schema_version")

    async def query(path):
        async with connect(path) as db:  # <-- here
            return await db.execute_fetchall(sql)

    return await asyncio.gather(*(query(path) for path in paths))
