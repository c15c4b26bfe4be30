import asyncio
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import ContextVar, copy_context

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    with ThreadPoolExecutor(workers) as pool:
        futures = {place: pool.submit(blocking_fetch, item) for place, item in enumerate(items)}
        wait(futures.values())
    return [futures[place].result() for place in range(len(items))]


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    loop = asyncio.get_running_loop()
    todo, results = list(enumerate(items)), {}
    with ThreadPoolExecutor(workers) as pool:

        async def worker():
            while todo:
                place, item = todo.pop()
                context = copy_context()
                results[place] = await loop.run_in_executor(pool, lambda: context.run(blocking_fetch, item))

        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(worker())
    return [results[place] for place in range(len(items))]
