import asyncio
from contextlib import AsyncExitStack

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    async with AsyncExitStack() as stack:
        lanes = [await stack.enter_async_context(connect(path)) for path in paths]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(rows_of(lane, sql)) for lane in lanes]
        return [task.result() for task in tasks]


async def rows_of(lane, sql):
    async with lane.cursor() as cursor:
        await cursor.execute(sql)
        return [tuple(row) for row in await cursor.fetchall()]
