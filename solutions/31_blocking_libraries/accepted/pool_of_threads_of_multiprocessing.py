import asyncio
from contextvars import ContextVar, copy_context

from multiprocessing.pool import ThreadPool

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    with ThreadPool(workers) as pool:
        return pool.map(blocking_fetch, items, chunksize=1)


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    jobs = [(copy_context(), item) for item in items]

    def fetch(job):
        context, item = job
        return context.run(blocking_fetch, item)

    return await asyncio.to_thread(fetch_all_threads, jobs, fetch, workers=workers)
