import asyncio
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import ContextVar, copy_context

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    results = {}
    with ThreadPoolExecutor(workers) as pool:
        places = {pool.submit(blocking_fetch, item): place for place, item in enumerate(items)}
        for future in as_completed(places):
            results[places[future]] = future.result()
    return [results[place] for place in range(len(items))]


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    results = [None] * len(items)
    loop = asyncio.get_running_loop()
    pool = ThreadPoolExecutor(workers)

    async def fetch(place, item):
        results[place] = await loop.run_in_executor(pool, copy_context().run, blocking_fetch, item)

    async with asyncio.TaskGroup() as group:
        for place, item in enumerate(items):
            group.create_task(fetch(place, item))
    pool.shutdown()
    return results
