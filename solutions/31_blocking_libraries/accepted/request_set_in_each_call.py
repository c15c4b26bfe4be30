import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(blocking_fetch, items))


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    request = REQUEST_ID.get()

    def fetch(item):
        token = REQUEST_ID.set(request)
        try:
            return blocking_fetch(item)
        finally:
            REQUEST_ID.reset(token)

    with ThreadPoolExecutor(workers) as pool:
        return await asyncio.gather(*[asyncio.wrap_future(pool.submit(fetch, item)) for item in items])
