import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    def fetch_share(first):
        return [blocking_fetch(item) for item in items[first::workers]]

    results = [None] * len(items)
    with ThreadPoolExecutor(workers) as pool:
        for first, share in enumerate(pool.map(fetch_share, range(workers))):
            results[first::workers] = share
    return results  # <-- here


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(workers) as pool:
        calls = [loop.run_in_executor(pool, copy_context().run, blocking_fetch, item) for item in items]
        return await asyncio.gather(*calls)
