import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    results, errors = {}, []

    def fetch(place, item):
        try:
            results[place] = blocking_fetch(item)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=fetch, args=pair) for pair in enumerate(items)]  # <-- here
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in errors:
        raise error
    return [results[place] for place in range(len(items))]


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(workers) as pool:
        calls = [loop.run_in_executor(pool, copy_context().run, blocking_fetch, item) for item in items]
        return await asyncio.gather(*calls)
