import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    results = []
    for path in paths:
        async with connect(path) as db:
            async with db.execute(sql) as cursor:  # <-- here
                results.append(await cursor.fetchall())
    return results
