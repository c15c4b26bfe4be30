import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(blocking_fetch, items))  # <-- here


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    return await asyncio.to_thread(fetch_all_threads, items, blocking_fetch, workers=workers)
