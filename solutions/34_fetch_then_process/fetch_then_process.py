"""34 fetch_then_process: the reference solution."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from typing import TypeVar

R = TypeVar("R")


async def fetch_and_process(
    urls: Sequence[str],
    fetch: Callable[[str], Awaitable[bytes]],
    process: Callable[[bytes], R],
    *,
    pool: Executor,
) -> list[R]:
    """Return ``process(await fetch(url))`` of each URL, in the order of *urls*."""
    loop = asyncio.get_running_loop()

    async def one(url: str) -> R:
        # A page goes on to the pool when it is there, without regard to the others. The pool has a queue of its own
        # for what its workers cannot take yet.
        body = await fetch(url)
        return await loop.run_in_executor(pool, process, body)

    # A TaskGroup cancels the other downloads when one fails. No `with pool:` here: it is the caller's.
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(url)) for url in urls]
    return [task.result() for task in tasks]
