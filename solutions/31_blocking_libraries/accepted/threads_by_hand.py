import asyncio
import queue
import threading
from contextvars import ContextVar, copy_context

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    todo = queue.SimpleQueue()
    for place, item in enumerate(items):
        todo.put((place, item))
    results, errors = [None] * len(items), []

    def work():
        while not errors:
            try:
                place, item = todo.get_nowait()
            except queue.Empty:
                return
            try:
                results[place] = blocking_fetch(item)
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    # One thread of the loop's waits for all the others; each call takes the caller's context with it.
    contexts = {item: copy_context() for item in items}

    def fetch(item):
        return contexts[item].copy().run(blocking_fetch, item)

    return await asyncio.to_thread(fetch_all_threads, items, fetch, workers=workers)
