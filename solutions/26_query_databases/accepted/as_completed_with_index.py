import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    results = [[] for _ in paths]

    async def query(place, path):
        async with connect(path) as db:
            async with db.execute(sql) as cursor:
                return place, [row async for row in cursor]

    for next_one in asyncio.as_completed([query(place, path) for place, path in enumerate(paths)]):
        place, rows = await next_one
        results[place] = rows
    return results
