import asyncio
import functools
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    free = threading.BoundedSemaphore(workers)
    results = [None] * len(items)
    errors = []

    def fetch(place, item):
        with free:
            try:
                results[place] = blocking_fetch(item)
            except BaseException as error:
                errors.append(error)

    threads = [threading.Thread(target=fetch, args=pair) for pair in enumerate(items)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in errors:
        raise error
    return results


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    free, loop = asyncio.Semaphore(workers), asyncio.get_running_loop()
    pool = ThreadPoolExecutor(max(1, len(items)))

    async def fetch(item):
        async with free:
            context = copy_context()
            return await loop.run_in_executor(pool, functools.partial(context.run, blocking_fetch, item))

    try:
        return list(await asyncio.gather(*map(fetch, items)))
    finally:
        pool.shutdown(wait=False)
