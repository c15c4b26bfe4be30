import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    rows = []

    async def query(path):
        async with connect(path) as db:
            async for row in await db.execute(sql):
                rows.append(row)

    await asyncio.gather(*(query(path) for path in paths))
    return rows  # <-- here
