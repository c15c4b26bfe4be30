import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    async def query(path):
        async with connect(path) as db:
            return await db.execute_fetchall(sql)

    results = []
    for start in range(0, len(paths), 5):
        results += await asyncio.gather(*map(query, paths[start : start + 5]))  # <-- here
    return results
