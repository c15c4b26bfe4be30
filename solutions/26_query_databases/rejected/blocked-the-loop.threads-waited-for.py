import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing


async def query_databases(paths, sql, *, connect=None):
    def query(path):
        with closing(sqlite3.connect(path)) as db:
            return db.execute(sql).fetchall()

    with ThreadPoolExecutor(10) as pool:
        return list(pool.map(query, paths))  # <-- here
