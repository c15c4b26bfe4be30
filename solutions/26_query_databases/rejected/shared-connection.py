import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    async with connect(paths[0]) as db:  # <-- here
        return await asyncio.gather(*(db.execute_fetchall(sql) for _ in paths))
