import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(blocking_fetch, items))


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    free = asyncio.Semaphore(workers)

    async def fetch(item):
        async with free:
            return await asyncio.to_thread(blocking_fetch, item)  # <-- here

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(fetch(item)) for item in items]
    return [task.result() for task in tasks]
