"""04 predict_the_clock: how long will it take? Say it before you run it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Tool = Literal["asyncio", "threads", "processes"]


def sequential(delays: Sequence[float]) -> float:
    """Return the seconds that these waits take, one after another.

    delays: how long each of them waits, in seconds, 0 or more. Without any, nothing takes 0 seconds.
    """
    # TODO: predict, in whatever way you like. Nothing here has to wait.
    raise NotImplementedError


def concurrent(delays: Sequence[float]) -> float:
    """Return the seconds that these waits take if all of them begin at once."""
    raise NotImplementedError


def limited(delays: Sequence[float], limit: int) -> float:
    """Return the seconds that these waits take if at most *limit* (1 or more) of them go on at once.

    First come, first served: they begin in the order of *delays*. The first *limit* begin at once; whenever one has
    ended, the next in line begins, at that very moment.
    """
    raise NotImplementedError


def on_cores(costs: Sequence[float], cores: int, tool: Tool) -> float:
    """Return the seconds that these computations take on a machine with *cores* cores (1 or more).

    costs: how long each of them would take alone, in seconds. They are pure Python and never wait for anything.
    Starting a thread or a process costs nothing here, nor does changing from one to another.

    "asyncio": each is a coroutine, all of them in one event loop, in one thread.
    "threads": a pool of *cores* threads, in a Python that has a GIL.
    "processes": a pool of *cores* processes, each on a core of its own.
    A pool is first come, first served, as in `limited`.
    """
    raise NotImplementedError


def exhibition(opponents: int, think: float, reply: float, pairs: int) -> tuple[float, float]:
    """Return the seconds that Judit's exhibition takes: (one game at a time, from table to table).

    opponents: how many tables there are, 1 or more. pairs: how often, at each table, she moves and her opponent
    replies, 1 or more. think: the seconds that she needs for a move; reply: those an opponent needs for a reply.

    One game at a time: a game is played to its end before the next one begins.
    From table to table: she makes one move, and goes on to the next table while the opponent thinks. After the last
    table comes the first again. Where the opponent has not replied yet, she stays until it is her move. Walking takes
    no time, all opponents can think at once, and there is one Judit.

    In both cases the exhibition is over when the last reply has been made, not when Judit has made her last move.
    """
    raise NotImplementedError
