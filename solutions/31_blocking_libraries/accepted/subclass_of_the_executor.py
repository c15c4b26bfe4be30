import asyncio
import functools
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context

REQUEST_ID = ContextVar("REQUEST_ID", default="no request")


class ContextExecutor(ThreadPoolExecutor):
    def submit(self, function, /, *args, **kwargs):
        return super().submit(copy_context().run, functools.partial(function, *args, **kwargs))


def fetch_all_threads(items, blocking_fetch, *, workers=10):
    with ContextExecutor(workers) as pool:
        return list(pool.map(blocking_fetch, items))


async def fetch_all_async(items, blocking_fetch, *, workers=20):
    loop = asyncio.get_running_loop()
    with ContextExecutor(workers) as pool:
        return list(await asyncio.gather(*(loop.run_in_executor(pool, blocking_fetch, item) for item in items)))
