"""Processes that keep the machine busy while something else is measured."""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections.abc import Iterator

BUSY = 4
LONGEST = 3 * 3600  # a busy process ends by itself after this, in seconds


def burn() -> None:
    """Keep a core busy for as long as the parent lives, and at most for `LONGEST`."""
    parent, end = multiprocessing.parent_process(), time.monotonic() + LONGEST
    while time.monotonic() < end and parent is not None and parent.is_alive():
        sum(range(1_000_000))


@contextlib.contextmanager
def busy(count: int = BUSY) -> Iterator[None]:
    """Run *count* busy processes beside the block."""
    burners = [multiprocessing.Process(target=burn, daemon=True) for _ in range(count)]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.terminate()
