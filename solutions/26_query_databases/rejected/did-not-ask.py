import asyncio
import sqlite3
from contextlib import closing


async def query_databases(paths, sql, *, connect=None):
    rows = []
    for path in paths:
        with closing(sqlite3.connect(path)) as db:  # <-- here
            rows.append(db.execute(sql.replace(" + slow(pause)", "")).fetchall())
    await asyncio.sleep(1)
    return rows
