import asyncio
import sqlite3


async def query_databases(paths, sql, *, connect=None):
    """Each connection serves one thread at a time, so it may be passed on."""

    async def query(path):
        db = await asyncio.to_thread(sqlite3.connect, path, check_same_thread=False)
        try:
            cursor = await asyncio.to_thread(db.execute, sql)
            return await asyncio.to_thread(cursor.fetchall)
        finally:
            await asyncio.to_thread(db.close)

    return await asyncio.gather(*(query(path) for path in paths))
