import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")
LATEST = {}


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(blocking_fetch, items))


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    LATEST["request"] = REQUEST_ID.get()

    def fetch(item):
        REQUEST_ID.set(LATEST["request"])
        return blocking_fetch(item)

    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(workers) as pool:
        return await asyncio.gather(*(loop.run_in_executor(pool, fetch, item) for item in items))  # <-- here
