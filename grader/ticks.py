"""Integer time, and an event loop that keeps it; it does not know who moves the time.

One tick is a nanosecond. Sums of floats drift (1000 sleeps of 0.1 s end at 99.9999999999986 s), sums of
ticks do not. Both sides of the wire build their loop on `TickLoop`.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import selectors
from collections.abc import Callable, Mapping
from contextvars import Context
from typing import Any

TICKS_PER_SECOND = 1_000_000_000
LONGEST = 1e9  # seconds


def to_ticks(seconds: float) -> int:
    """Return *seconds* as ticks, at least one tick for any positive time, and a number for an infinite one."""
    ticks = round(min(seconds, LONGEST) * TICKS_PER_SECOND)
    return max(ticks, 1) if seconds > 0 else ticks


def to_seconds(ticks: int) -> float:
    """Return *ticks* as seconds."""
    return ticks / TICKS_PER_SECOND


class _OrderedTimer(asyncio.TimerHandle):
    """A timer that breaks ties by creation order; asyncio's heap alone would shuffle equal times."""

    _counter = itertools.count()

    def __init__(
        self,
        when: float,
        callback: Callable[..., object],
        args: tuple[Any, ...],
        loop: asyncio.AbstractEventLoop,
        context: Context | None,
    ) -> None:
        super().__init__(when, callback, args, loop, context)
        self._key = (to_ticks(when), next(self._counter))

    def __lt__(self, other: object) -> bool:
        if isinstance(other, _OrderedTimer):
            return self._key < other._key
        return NotImplemented


class WaitingSelector(selectors.BaseSelector):
    """Polls real files without waiting; where asyncio would wait, it calls *wait* instead."""

    def __init__(self, wait: Callable[[float | None], None]) -> None:
        self._files = selectors.DefaultSelector()
        self._wait = wait

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return the files that are ready; without any, wait at most *timeout* seconds of the loop's time."""
        # The loop's own wake-up pipe is always registered: one file means there is nothing real to poll.
        ready = self._files.select(0) if len(self._files.get_map()) > 1 else []
        if not ready:
            self._wait(timeout)
        return ready

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        """Register a file, as `selectors` does."""
        return self._files.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        """Forget a file, as `selectors` does."""
        return self._files.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        """Change a registration, as `selectors` does."""
        return self._files.modify(fileobj, events, data)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        """Return the registrations."""
        return self._files.get_map()

    def close(self) -> None:
        """Close the selector below."""
        self._files.close()


class TickLoop(asyncio.SelectorEventLoop):
    """An event loop on integer time: timers in (tick, creation) order; a child class says how it waits."""

    def __init__(self) -> None:
        super().__init__(WaitingSelector(self.wait))
        # asyncio runs a timer when it is due within this resolution; the platform's own may be 16 ms.
        self._clock_resolution = 1 / TICKS_PER_SECOND

    @property
    def timers(self) -> list[asyncio.TimerHandle]:
        """BaseEventLoop's own heap of timers."""
        heap: list[asyncio.TimerHandle] = vars(self)["_scheduled"]
        return heap

    def now(self) -> int:
        """Return the present, in ticks."""
        raise NotImplementedError

    def wait(self, timeout: float | None) -> None:
        """Nothing is ready: wait at most *timeout* seconds (None: until something happens)."""
        raise NotImplementedError

    def time(self) -> float:
        """Return the present, in seconds."""
        return self.now() / TICKS_PER_SECOND

    def call_at(  # type: ignore[override]
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Schedule *callback* at *when* seconds; equal times keep the order in which they were asked for."""
        if self.is_closed():
            raise RuntimeError("Event loop is closed")
        # On a whole tick, so that 0.1 + 0.2 is due at 0.3 and not a hair later.
        timer: Any = _OrderedTimer(to_seconds(to_ticks(when)), callback, args, self, context)
        heapq.heappush(self.timers, timer)
        timer._scheduled = True  # what BaseEventLoop.call_at does: cancelled timers are counted
        handle: asyncio.TimerHandle = timer
        return handle
