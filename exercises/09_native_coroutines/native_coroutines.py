"""09 native_coroutines: generator-based coroutines of old, written as native ones.

Before there was `async def`, a coroutine was a generator with a decorator. This is how such code looked:

    @asyncio.coroutine
    def stuff():
        return 0x10, 0x20, 0x30

    @asyncio.coroutine
    def pipeline():
        a, b, c = yield from stuff()
        return a + b + c

    def relay(source):            # source: an iterator
        yield from source

    @asyncio.coroutine
    def countdown(n):
        for _ in range(n):
            yield                 # lets the others run
        return n
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from typing import Any


async def stuff() -> tuple[int, int, int]:
    """Return 0x10, 0x20 and 0x30."""
    # TODO: no decorator, no `yield from`. Then the other three.
    raise NotImplementedError


async def pipeline() -> int:
    """Return the sum of the three numbers that `stuff` gives."""
    raise NotImplementedError


async def relay(source: AsyncIterator[int]) -> AsyncIterator[int]:
    """Yield each item of *source*, in order and as soon as it comes, and take no more items than are asked for.

    This is to be an async generator. An exception of *source* reaches whoever iterates.
    """
    raise NotImplementedError


class Countdown:
    """Something to await: ``await Countdown(3)`` suspends itself three times, and gives 3.

    Each time, everybody else who is ready has one turn. A Countdown may be awaited again, and counts from n again.
    """

    def __init__(self, n: int) -> None:
        raise NotImplementedError

    def __await__(self) -> Generator[Any, None, int]:
        raise NotImplementedError
