import asyncio

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    connections = [connect(path) for path in paths]
    return await asyncio.gather(*(db.execute_fetchall(sql) for db in connections))  # <-- here
