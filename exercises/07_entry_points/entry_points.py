"""07 entry_points: one coroutine, started from a script, a notebook cell, and plain code below a running loop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def main() -> str:
    """Return a greeting, after a moment. Leave this one as it is: the task is to start it."""
    await asyncio.sleep(0.01)
    return f"Hello, {os.environ.get('VISITOR', 'world')}!"


# TODO: what would you type into a notebook cell, one line, to run main() there?
NOTEBOOK_CELL: str = ""


def loop_is_running() -> bool:
    """Return whether an event loop is running in the thread that calls this function."""
    raise NotImplementedError


def run_from_sync(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run the coroutine that *make* makes, to its end, and return its result; an exception of its flies out of here.

    make: a coroutine function without parameters, such as main. Whoever calls run_from_sync is plain code, which
    cannot await. There may be an event loop running in its thread, further up, or there may be none.
    """
    raise NotImplementedError


if __name__ == "__main__":
    # TODO: run main() and print what it returns.
    raise NotImplementedError
