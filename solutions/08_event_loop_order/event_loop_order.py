"""08 event_loop_order: the reference solution."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def run_ab(log: Callable[[str], None], unit: float) -> None:
    """Run A and B at the same time. A waits for two units, B for one."""

    async def step(name: str, units: float) -> None:
        log(f"{name}: starting")
        await asyncio.sleep(units * unit)
        log(f"{name}: done")

    # Tasks start in the order in which they were made, and end when their time is over: A, B, B, A.
    await asyncio.gather(step("A", 2), step("B", 1))


def predictions() -> dict[str, list[str]]:
    """Return for each of the seven programs what it says, in order."""
    return {
        # While A sleeps, B runs; B sleeps for the shorter time.
        "p1": ["A: starting", "B: starting", "B: done", "A: done"],
        # Nothing in a() waits, so the three awaits are ordinary calls. The first await that waits is the last line.
        "p2": ["a1", "a2", "a3", "main", "b"],
        # A task has to be waited for, and b stood in line before it.
        "p3": ["b", "a1", "a2", "a3", "main"],
        # A new task runs when main first lets go, and sleep(0) does just that.
        "p4": ["main", "b", "main again"],
        # The same in a group, which lets go at the end of its block and stays there until b has ended.
        "p5": ["main", "b", "after the group"],
        # A free lock and a filled queue make nobody wait.
        "p6": ["in the lock", "after the queue", "b"],
        # What is said while they boil comes as they finish; what gather returns, as it was asked.
        "p7": ["egg is done", "pasta is done", "pasta", "egg"],
    }
