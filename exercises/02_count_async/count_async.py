"""02 count_async: three counts in the time of one.

One after the other, as plain Python does it, three counts take three pauses::

    def count(emit, pause=1.0):
        emit("One")
        time.sleep(pause)
        emit("Two")

    def main(emit, pause=1.0):          # One Two One Two One Two
        for _ in range(3):
            count(emit, pause)
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def count(emit: Callable[[str], None], pause: float = 1.0) -> None:
    """Say "One", wait for *pause* seconds, say "Two".

    emit: a plain function that says a word, such as print. Call it; there is nothing to await.
    """
    # TODO: the same three steps as above, but let others run during the pause. Then write main.
    raise NotImplementedError


async def main(emit: Callable[[str], None], pause: float = 1.0) -> None:
    """Run three counts in one pause: One One One Two Two Two. Return when all three have ended."""
    raise NotImplementedError
