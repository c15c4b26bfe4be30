"""31 blocking_libraries: the reference solution."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from typing import TypeVar

T = TypeVar("T")

REQUEST_ID: ContextVar[str] = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items: Sequence[str], blocking_fetch: Callable[[str], T], *, workers: int = 10) -> list[T]:
    """Return the result of blocking_fetch for each item, in the order of *items*."""
    # map hands over all the items at once, and gives the results in their order. Leaving the block ends the threads.
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(blocking_fetch, items))


async def fetch_all_async(items: Sequence[str], blocking_fetch: Callable[[str], T], *, workers: int = 20) -> list[T]:
    """Do the same from a coroutine."""
    loop = asyncio.get_running_loop()
    # A pool of its own: to_thread would share the loop's pool, which has a few threads more than the machine has cores.
    pool = ThreadPoolExecutor(workers)
    try:
        # run_in_executor starts with an empty context, so each call gets a copy of ours. One copy for all would not do:
        # a context can be entered by one thread at a time.
        calls = (loop.run_in_executor(pool, copy_context().run, blocking_fetch, item) for item in items)
        return await asyncio.gather(*calls)
    finally:
        # After an error some calls still run, and waiting for them here would hold the loop; the rest is called off.
        pool.shutdown(wait=False, cancel_futures=True)
