import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    async def query(path):
        async with connect(path) as db:
            return await db.execute_fetchall(sql)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(query(path)) for path in paths]
    return [task.result() for task in tasks]
