import aiosqlite
import anyio


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    results = [None] * len(paths)

    async def query(place):
        async with connect(paths[place]) as db:
            results[place] = list(await db.execute_fetchall(sql))

    async with anyio.create_task_group() as group:
        for place in range(len(paths)):
            group.start_soon(query, place)
    return results
