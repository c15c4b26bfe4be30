"""The virtual clock without a judge: nothing happens outside the program, so time jumps to its next timer.

It knows what ends a program that would go on for ever; it does not know what a trace is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final

from grader import wire
from grader.candidate import pools, shims
from grader.candidate.clock import VirtualClock
from grader.candidate.imports import OnImport
from grader.ticks import TICKS_PER_SECOND

HORIZON: Final = 24 * 60 * 60 * TICKS_PER_SECOND
# What happens outside of the program takes real time, of which the clock knows nothing.
_OUTSIDE: Final = {
    "socket.connect": "a network connection",
    "socket.bind": "a network server",
    "socket.getaddrinfo": "a network connection",
    "socket.sendto": "a network connection",
    "subprocess.Popen": "a subprocess",
    "os.system": "a subprocess",
    "os.posix_spawn": "a subprocess",
    "os.fork": "a process of its own",
}


class NoJudge:
    """A `Channel` to nobody: it lets time pass, up to a day. stuck: called when no time is left to wait for."""

    holding = False
    sent = 0

    def __init__(self, stuck: Callable[[], None], horizon: Callable[[], None]) -> None:
        self._stuck, self._horizon = stuck, horizon
        self._until: int | None = None

    def send(self, message: wire.Message) -> None:
        """Take note of the time that the program waits for."""
        self._until = message["until"]

    def receive(self) -> wire.Message | None:
        """Return a turn at that time."""
        if self._until is None:
            self._stuck()
        elif self._until >= HORIZON:
            self._horizon()
        return {"type": "turn", "now": self._until, "lease": HORIZON, "messages": []}


def install(clock: VirtualClock, outside: Callable[[str], None]) -> None:
    """Put this process on *clock* for good. outside: called with what the program reaches for that is not on it."""
    clock.adopt("main")
    shims.install(clock)
    OnImport({"concurrent.futures.process": pools.replace_executor, "multiprocessing.pool": pools.replace_pool})

    def hear(event: str, _: tuple[Any, ...]) -> None:
        # Loops make themselves a pair of sockets, which some systems build by a connection.
        if event in _OUTSIDE and clock.me() is not None and sys._getframe(1).f_code.co_name != "socketpair":
            outside(_OUTSIDE[event])

    sys.addaudithook(hear)
