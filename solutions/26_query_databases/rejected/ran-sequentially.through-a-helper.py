import aiosqlite


async def query_one(path, sql, connect):
    async with connect(path) as db:
        return await db.execute_fetchall(sql)


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    return [await query_one(path, sql, connect) for path in paths]  # <-- here
