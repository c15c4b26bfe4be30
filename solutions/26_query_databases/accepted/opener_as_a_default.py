import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

patient = partial(sqlite3.connect, timeout=30)


def query(sql, path, opener=sqlite3.connect):
    with closing(opener(path)) as db:
        return db.execute(sql).fetchall()


async def query_databases(paths, sql, *, connect=None):
    loop = asyncio.get_running_loop()
    half = len(paths) // 2
    with ThreadPoolExecutor(16) as pool:
        jobs = [loop.run_in_executor(pool, query, sql, path) for path in paths[:half]]
        jobs += [loop.run_in_executor(pool, partial(query, opener=patient), sql, path) for path in paths[half:]]
        return [await job for job in jobs]
