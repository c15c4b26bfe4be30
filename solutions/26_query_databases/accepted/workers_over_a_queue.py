import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect, workers=10):
    results: dict[int, list] = {}
    queue: asyncio.Queue = asyncio.Queue()
    for job in enumerate(paths):
        queue.put_nowait(job)

    async def worker():
        while not queue.empty():
            place, path = queue.get_nowait()
            async with connect(path) as db:
                results[place] = list(await db.execute_fetchall(sql))

    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(worker())
    return [results[place] for place in range(len(paths))]
