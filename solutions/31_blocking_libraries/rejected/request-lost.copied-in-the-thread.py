import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(blocking_fetch, items))


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    loop = asyncio.get_running_loop()

    def fetch(item):
        return copy_context().run(blocking_fetch, item)

    with ThreadPoolExecutor(workers) as pool:
        return await asyncio.gather(*(loop.run_in_executor(pool, fetch, item) for item in items))  # <-- here
