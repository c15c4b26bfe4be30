"""04 predict_the_clock: the reference solution."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Literal

Tool = Literal["asyncio", "threads", "processes"]


def sequential(delays: Sequence[float]) -> float:
    """Return the seconds of these waits, one after another."""
    return sum(delays, 0.0)


def concurrent(delays: Sequence[float]) -> float:
    """Return the seconds of these waits, all at once: the longest one outlasts the others."""
    return max(delays, default=0.0)


def limited(delays: Sequence[float], limit: int) -> float:
    """Return the seconds of these waits, at most *limit* at once, first come, first served."""
    # No formula knows this: it depends on which seat is free first. So let them sit down, one by one.
    # The heap holds the moment at which each seat becomes free; the next in line takes the earliest.
    free = [0.0] * limit
    for delay in delays:
        heapq.heapreplace(free, free[0] + delay)
    return max(free)


def on_cores(costs: Sequence[float], cores: int, tool: Tool) -> float:
    """Return the seconds of these computations on *cores* cores."""
    if tool == "processes":
        return limited(costs, cores)
    # One thread is one thread, however often it changes between coroutines. Several threads share the GIL, so that
    # still only one of them computes at any moment. Either way, nothing overlaps.
    return sequential(costs)


def exhibition(opponents: int, think: float, reply: float, pairs: int) -> tuple[float, float]:
    """Return the seconds until the last reply: (one game at a time, from table to table)."""
    one_at_a_time = opponents * pairs * (think + reply)
    # Judit is back at the first table when she has moved at all of them, but not before its opponent has replied:
    # a round takes the longer of the two. In the last round she moves at all tables, and the last opponent replies.
    round_of_moves = max(opponents * think, think + reply)
    return one_at_a_time, (pairs - 1) * round_of_moves + opponents * think + reply
