import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from sqlite3 import connect as open_file


def query(sql, path):
    db = open_file(f"file:{path}?mode=ro", uri=True)
    try:
        cursor = db.cursor()
        cursor.execute(sql)
        return cursor.fetchall()
    finally:
        db.close()


async def query_databases(paths, sql, **_):
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(max_workers=max(1, len(paths))) as pool:
        futures = [loop.run_in_executor(pool, partial(query, sql), path) for path in paths]
        return list(await asyncio.gather(*futures))
