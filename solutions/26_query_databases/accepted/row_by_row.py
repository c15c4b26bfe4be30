import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    found = {}

    async def query(path):
        async with connect(path) as db:
            cursor = await db.execute(sql)
            rows = []
            while (row := await cursor.fetchone()) is not None:
                rows.append(row)
            found[path] = rows

    tasks = [asyncio.create_task(query(path)) for path in paths]
    done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    for task in done:
        task.result()
    return [found[path] for path in paths]
