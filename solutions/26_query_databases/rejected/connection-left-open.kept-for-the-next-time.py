import asyncio

import aiosqlite

connections = {}


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    async def query(path):
        if path not in connections:
            connections[path] = await connect(path)  # <-- here
        return await connections[path].execute_fetchall(sql)

    return await asyncio.gather(*(query(path) for path in paths))
