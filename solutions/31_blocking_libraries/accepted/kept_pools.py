import asyncio
import functools
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


@functools.cache
def pool_of(workers):
    return ThreadPoolExecutor(workers)


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    return [future.result() for future in [pool_of(workers).submit(blocking_fetch, item) for item in items]]


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    futures = [pool_of(workers).submit(copy_context().run, blocking_fetch, item) for item in items]
    return [await asyncio.wrap_future(future) for future in futures]
