import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(blocking_fetch, items))


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    loop, left = asyncio.get_running_loop(), len(items)
    results, over = [None] * len(items), asyncio.Event()
    errors = []

    def done(place, future):
        nonlocal left
        left -= 1
        if future.exception():
            errors.append(future.exception())
        else:
            results[place] = future.result()
        if errors or not left:
            over.set()

    pool = ThreadPoolExecutor(workers)
    for place, item in enumerate(items):
        future = pool.submit(copy_context().run, blocking_fetch, item)
        future.add_done_callback(lambda future, place=place: loop.call_soon_threadsafe(done, place, future))
    if items:
        await over.wait()
    pool.shutdown(wait=False, cancel_futures=True)
    if errors:
        raise errors[0]
    return results
