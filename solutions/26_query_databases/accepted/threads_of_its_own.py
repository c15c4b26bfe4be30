import asyncio
import sqlite3
import threading


async def query_databases(paths, sql, *, connect=None):
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in paths]

    def settle(future, rows, error):
        if not future.done():
            future.set_exception(error) if error else future.set_result(rows)

    def work(path, future):
        rows = error = None
        db = sqlite3.connect(path, check_same_thread=False)
        try:
            rows = list(db.execute(sql))
        except sqlite3.Error as caught:
            error = caught
        finally:
            db.close()
        loop.call_soon_threadsafe(settle, future, rows, error)

    for path, future in zip(paths, futures):
        threading.Thread(target=work, args=(path, future)).start()
    return await asyncio.gather(*futures)
