import asyncio
import sqlite3

import aiosqlite


async def query_databases(paths, sql, *, connect=aiosqlite.connect):
    async def query(path):
        try:
            async with connect(path) as db:
                return await db.execute_fetchall(sql)
        except sqlite3.Error:
            return []

    return await asyncio.gather(*(query(path) for path in paths))  # <-- here
