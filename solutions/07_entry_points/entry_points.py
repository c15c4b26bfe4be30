"""07 entry_points: the reference solution."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


async def main() -> str:
    """Return a greeting, after a moment. Leave this one as it is: the task is to start it."""
    await asyncio.sleep(0.01)
    return f"Hello, {os.environ.get('VISITOR', 'world')}!"


# A notebook runs a loop already, and its cells are run in it: there one may await at the top.
NOTEBOOK_CELL: str = "await main()"


def loop_is_running() -> bool:
    """Return whether an event loop is running in the thread that calls this function."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def run_from_sync(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run the coroutine that *make* makes, to its end, and return its result."""
    if not loop_is_running():
        return asyncio.run(make())
    # This thread's loop cannot run the coroutine: it gets no turn before we return, and we wait for the result.
    # A thread of its own has room for a loop of its own. Meanwhile this thread, and its loop, stand still.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(make())).result()


if __name__ == "__main__":
    print(asyncio.run(main()))
