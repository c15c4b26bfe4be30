import asyncio
import sqlite3


def query(path, sql):
    with sqlite3.connect(path) as db:  # <-- here
        return db.execute(sql).fetchall()


async def query_databases(paths, sql, *, connect=None):
    return await asyncio.gather(*(asyncio.to_thread(query, path, sql) for path in paths))
