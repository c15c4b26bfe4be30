"""34 fetch_then_process: wait in the event loop and compute in processes, both at the same time."""

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
    """Return ``process(await fetch(url))`` of each URL, in the order of *urls*.

    fetch: downloads one page; it waits for 1 to 8 delays. process: computes for two delays without a pause, and may
    run in a worker of *pool* only. pool: a running pool of two processes, which is the caller's and stays open.
    An exception of *fetch* or *process* reaches the caller, and the other downloads are cancelled.
    """
    # TODO: hand each page to the pool as soon as it is there, whatever the others do.
    raise NotImplementedError
