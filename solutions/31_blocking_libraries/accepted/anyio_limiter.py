import anyio
from contextvars import ContextVar

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    return anyio.run(lambda: fetch_all_async(items, blocking_fetch, workers=workers))


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    limiter = anyio.CapacityLimiter(workers)
    results = [None] * len(items)

    async def fetch(place, item):
        results[place] = await anyio.to_thread.run_sync(blocking_fetch, item, limiter=limiter)

    async with anyio.create_task_group() as group:
        for place, item in enumerate(items):
            group.start_soon(fetch, place, item)
    return results
