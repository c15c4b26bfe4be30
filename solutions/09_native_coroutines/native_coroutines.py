"""09 native_coroutines: the reference solution."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from typing import Any


async def stuff() -> tuple[int, int, int]:
    """Return 0x10, 0x20 and 0x30."""
    return 0x10, 0x20, 0x30


async def pipeline() -> int:
    """Return the sum of the three numbers that `stuff` gives."""
    a, b, c = await stuff()
    return a + b + c


async def relay(source: AsyncIterator[int]) -> AsyncIterator[int]:
    """Yield each item of *source* as soon as it comes."""
    # There is no `yield from` for async generators: a loop takes its place.
    async for item in source:
        yield item


class Countdown:
    """Something to await, written by hand."""

    def __init__(self, n: int) -> None:
        self.n = n

    def __await__(self) -> Generator[Any, None, int]:
        # `await` calls this anew each time, so the counting is in here and not in the object. This is a plain
        # generator: its bare yields travel up to the event loop, and what it returns is the value of the `await`.
        for _ in range(self.n):
            yield
        return self.n
