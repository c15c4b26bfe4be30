import asyncio
import sqlite3
from contextlib import closing


async def query_databases(paths, sql, *, connect=None):
    async def query(path):
        with closing(sqlite3.connect(path)) as db:
            return db.execute(sql).fetchall()  # <-- here

    return await asyncio.gather(*(query(path) for path in paths))
