import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(blocking_fetch, items))


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    results = []
    for item in items:
        results.append(await asyncio.to_thread(blocking_fetch, item))  # <-- here
    return results
