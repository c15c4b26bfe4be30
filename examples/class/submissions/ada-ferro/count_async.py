from __future__ import annotations

import asyncio
from collections.abc import Callable


async def count(emit: Callable[[str], None], pause: float = 1.0) -> None:
    """Say "One", wait for *pause* seconds, say "Two"."""
    emit("One")
    # Not time.sleep: that would keep the thread, and with it the event loop, to itself. Here the loop gets it back.
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit: Callable[[str], None], pause: float = 1.0) -> None:
    """Run three counts in one pause."""
    # count(...) only makes a coroutine. gather turns each into a task, so all three start before any has ended,
    # and the await keeps main here until the last of them is done.
    await asyncio.gather(count(emit, pause), count(emit, pause), count(emit, pause))
