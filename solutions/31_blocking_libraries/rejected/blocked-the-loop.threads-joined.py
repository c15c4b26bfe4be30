import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(blocking_fetch, items))


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    results = [None] * len(items)
    free = threading.Semaphore(workers)

    def fetch(context, place, item):
        with free:
            results[place] = context.run(blocking_fetch, item)

    threads = [threading.Thread(target=fetch, args=(copy_context(), *pair)) for pair in enumerate(items)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()  # <-- here
    return results
