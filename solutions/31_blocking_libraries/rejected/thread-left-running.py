import asyncio
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    todo, results, errors = queue.Queue(), {}, []

    def work():
        while True:
            place, item = todo.get()
            try:
                results[place] = blocking_fetch(item)
            except Exception as error:
                errors.append(error)
            todo.task_done()

    for _ in range(workers):
        threading.Thread(target=work, daemon=True).start()  # <-- here
    for pair in enumerate(items):
        todo.put(pair)
    todo.join()
    if errors:
        raise errors[0]
    return [results[place] for place in range(len(items))]


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(workers) as pool:
        calls = [loop.run_in_executor(pool, copy_context().run, blocking_fetch, item) for item in items]
        return await asyncio.gather(*calls)
