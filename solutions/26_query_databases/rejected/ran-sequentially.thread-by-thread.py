import asyncio
import sqlite3
from contextlib import closing


def query(path, sql):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()


async def query_databases(paths, sql, *, connect=None):
    rows = []
    for path in paths:
        rows.append(await asyncio.to_thread(query, path, sql))  # <-- here
    return rows
