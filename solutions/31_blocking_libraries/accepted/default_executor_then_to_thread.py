import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(blocking_fetch, item) for item in items]
        return [future.result() for future in futures]


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(workers))
    return await asyncio.gather(*(asyncio.to_thread(blocking_fetch, item) for item in items))
