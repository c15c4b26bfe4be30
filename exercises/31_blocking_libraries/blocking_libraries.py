"""31 blocking_libraries: a library that can only block, used from plain code and from a coroutine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

# Which request the program is working for. The library reads it, for its log.
REQUEST_ID: ContextVar[str] = ContextVar("REQUEST_ID", default="no request")


def fetch_all_threads(items: Sequence[str], blocking_fetch: Callable[[str], T], *, workers: int = 10) -> list[T]:
    """Return the result of blocking_fetch for each item, in the order of *items*.

    blocking_fetch: a plain function that waits for one delay or longer, and may raise.
    workers: how many calls of it run at once, in as many threads. Called where no event loop runs.
    """
    # TODO: a pool of threads of your own, and every result in its place.
    raise NotImplementedError


async def fetch_all_async(items: Sequence[str], blocking_fetch: Callable[[str], T], *, workers: int = 20) -> list[T]:
    """Do the same from a coroutine: the event loop stays free, and blocking_fetch sees the caller's REQUEST_ID."""
    raise NotImplementedError
