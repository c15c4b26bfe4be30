import asyncio

import aiosqlite


async def query_one(path, sql, connect):
    async with connect(path) as db:
        async with db.execute(sql) as cursor:
            return list(await cursor.fetchall())


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    results = []
    async with asyncio.TaskGroup() as group:
        for path in paths:
            task = group.create_task(query_one(path, sql, connect))
            results.append(await task)  # <-- here
    return results
