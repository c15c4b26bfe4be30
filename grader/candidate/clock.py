"""The candidate's side of the clock: who runs, who is parked until when. It knows no task and no exercise.

`VirtualClock` lets exactly one thread of the candidate run at a time. A thread that waits gives its turn to the
next one that can run, in the order in which they were woken; when none can, the judge is told the earliest time
anybody waits for, and answers with the new time and its messages. So the same program takes the same steps. With each
answer comes a lease: before that tick nothing happens on the judge's side, so time may pass here without asking.
"""

from __future__ import annotations

import _thread
import heapq
import itertools
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Protocol

from grader import wire
from grader.candidate.channel import Channel
from grader.ticks import TICKS_PER_SECOND

# A program that only looks at the clock, or only yields, would never let time pass. After this much of it
# (a look counts 1, a turn of a loop or a sleep(0) counts 5) time creeps on, a little more at each further step.
SPIN_LIMIT: Final = 100_000
LOOK, TURN = 1, 5
AFTER_EVENT: Final = 20 * TURN  # what a program that looks on and on may do when something has come
_SMALLEST_CREEP: Final = TICKS_PER_SECOND // 10_000
# After so many steps of its own within a lease the candidate asks all the same: the judge watches the real time.
ALONE: Final = 5_000

_real_allocate_lock = _thread.allocate_lock


class JudgeGone(BaseException):
    """The judge closed the wire; nothing is left to do."""


class Clock(Protocol):
    """What the rest of the candidate needs from a clock, virtual or real."""

    virtual: bool

    def now(self) -> int:
        """Return the present, in ticks."""

    def wait(self, ready: Callable[[], bool]) -> None:
        """Hold the calling thread until *ready()*; `notify` makes it look again."""

    def notify(self) -> None:
        """Let the threads that `wait` look again."""


class Participant:
    """A thread of the candidate that takes part in virtual time.

    parked: it waits; until: the tick it waits for, or None; why: a word for what it waits for.
    on_loop: it waits inside a running event loop's callback, so the loop is held. started_at: the file and line that
    called `Thread.start`.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.baton = _real_allocate_lock()
        self.baton.acquire()
        self.parked = False
        self.woken = False
        self.finished = False
        self.on_loop = False
        self.why = ""
        self.thread_id = 0
        self.ticket = 0
        self.spins = 0
        self.spin_start = 0
        self.joiners: list[Participant] = []
        self.started_at: tuple[str, int] | None = None


class VirtualClock:
    """The baton between the candidate's threads, and the line to the judge's clock."""

    virtual = True

    def __init__(self, channel: Channel, deliver: Callable[[wire.Message], None]) -> None:
        self._channel = channel
        self._deliver = deliver
        self._now = 0
        self._lease = 0
        self._alone = 0
        self._sent = 0
        self._runnable: deque[Participant] = deque()
        self._sleeping: list[tuple[int, int, Participant, int]] = []
        self._order = itertools.count()
        self._by_thread: dict[int, Participant] = {}
        self._waiting: list[Participant] = []
        self.on_hold: Callable[[int, int, str], None] = lambda start, end, why: None
        self.loop_is_running: Callable[[], bool] = lambda: False

    def listen(self, channel: Channel) -> None:
        """Ask on *channel* for the time, which begins anew."""
        self._channel, self._now, self._lease, self._sent = channel, 0, 0, 0

    # -- participants --------------------------------------------------------------------------------------

    def adopt(self, name: str) -> Participant:
        """Make the calling thread, which is running, a participant."""
        me = Participant(name)
        self._join(me)
        return me

    def announce(self, name: str) -> Participant:
        """Return a participant for a thread about to start; it gets its first turn when the others wait."""
        new = Participant(name)
        self._runnable.append(new)
        return new

    def enter(self, me: Participant) -> None:
        """First call of an announced thread: wait for its first turn."""
        self._join(me)
        me.baton.acquire()

    def leave(self, me: Participant) -> None:
        """Last call of a thread: wake who joins it and pass the turn on."""
        me.finished = True
        self._by_thread.pop(me.thread_id, None)
        for joiner in me.joiners:
            self.wake(joiner)
        self._next().baton.release()

    def forget(self, me: Participant) -> None:
        """Drop an announced thread that could not be started."""
        self._runnable.remove(me)

    def me(self) -> Participant | None:
        """Return the calling thread's participant, or None for a thread that is not ours."""
        return self._by_thread.get(_thread.get_ident())

    def _join(self, me: Participant) -> None:
        me.thread_id = _thread.get_ident()
        self._by_thread[me.thread_id] = me

    # -- waiting -------------------------------------------------------------------------------------------

    def now(self) -> int:
        """Return the present, in ticks."""
        return self._now

    def look(self) -> int:
        """Return the present to a program that asked; asking without end lets time creep."""
        me = self.me()
        if me is not None:
            self.spin(me, LOOK)
        return self._now

    def spin(self, me: Participant, cost: int, latest: int | None = None, *, idle: bool = False) -> None:
        """Count *cost* against a thread that runs without waiting; beyond the limit, time creeps.

        latest: a tick at which the thread has something to do, so that time does not creep past it.
        idle: the thread turns its loop, so the loop is not held.
        """
        if me.spins == 0:
            me.spin_start = self._now
        me.spins += cost
        if me.spins > SPIN_LIMIT:
            spins = me.spins
            until = self._now + max(_SMALLEST_CREEP, (self._now - me.spin_start) // 500)
            self.block(me, until if latest is None else min(until, latest), "spinning", idle=idle)
            # It has not waited for anything. If something has come meanwhile, it gets some turns to act on it.
            me.spins = SPIN_LIMIT - AFTER_EVENT if me.woken else spins

    def block(self, me: Participant, until: int | None, why: str, *, idle: bool = False) -> bool:
        """Park *me* until tick *until* or until woken; return whether it was woken."""
        if until is not None and until <= self._now:
            self.spin(me, TURN)  # a wait of no time: a program may make one after another
        start = self._now
        self.park(me, until, why, idle=idle)
        if me.on_loop and self._now > start:
            self.on_hold(start, self._now, why)
        me.on_loop = False
        return me.woken

    def park(self, me: Participant, until: int | None, why: str, *, idle: bool = False) -> None:
        """Give up the turn until woken or *until*; an *idle* loop is not held by it."""
        me.parked, me.woken, me.why = True, False, why
        me.on_loop = not idle and self.loop_is_running()
        me.ticket += 1
        if until is not None:
            heapq.heappush(self._sleeping, (until, next(self._order), me, me.ticket))
            if until <= self._now:
                self._expire()
        if until is None or until > self._now:
            me.spins = 0
        chosen = self._next()
        if chosen is not me:
            chosen.baton.release()
            me.baton.acquire()

    def give_way(self, me: Participant, latest: int | None) -> None:
        """Let the other threads that can run have a turn, without waiting."""
        self.spin(me, TURN, latest, idle=True)
        if self._runnable:
            self._runnable.append(me)
            chosen = self._runnable.popleft()
            chosen.baton.release()
            me.baton.acquire()

    def wake(self, other: Participant) -> bool:
        """Make a parked participant runnable, in the same step as the event that wakes it; return whether it was."""
        if not other.parked:
            return False
        other.parked, other.woken = False, True
        self._runnable.append(other)
        return True

    def wait(self, ready: Callable[[], bool]) -> None:
        """Hold the calling thread until *ready()*."""
        me = self.me()
        if me is None:
            raise RuntimeError("this thread was not started through threading, so it has no place on the clock")
        start, self_on_loop = self._now, self.loop_is_running()
        while not ready():
            self._waiting.append(me)
            self.park(me, None, "answer")
            self._waiting.remove(me)
        me.on_loop = False
        if self_on_loop and self._now > start:
            self.on_hold(start, self._now, "call")

    def notify(self) -> None:
        """Let the threads in `wait` look again."""
        for participant in self._waiting:
            self.wake(participant)

    # -- turns ---------------------------------------------------------------------------------------------

    def _next(self) -> Participant:
        while not self._runnable:
            self._end_turn()
        return self._runnable.popleft()

    def _end_turn(self) -> None:
        while self._sleeping and not self._is_asleep(self._sleeping[0]):
            heapq.heappop(self._sleeping)
        until = self._sleeping[0][0] if self._sleeping else None
        if until is not None and until < self._lease and self._channel.sent == self._sent and self._alone < ALONE:
            self._now = until  # nothing happens on the judge's side before, and it has nothing to act on
            self._alone += 1
            self._expire()
            return
        self._alone = 0
        self._channel.send({"type": "parked", "at": self._now, "until": until})
        turn = self._channel.receive()
        if turn is None:
            raise JudgeGone
        self._now, self._lease, self._sent = turn["now"], turn["lease"], self._channel.sent
        for message in turn["messages"]:
            self._deliver(message)
        self._expire()

    def _expire(self) -> None:
        while self._sleeping and self._sleeping[0][0] <= self._now:
            entry = heapq.heappop(self._sleeping)
            if self._is_asleep(entry):
                entry[2].parked = False
                self._runnable.append(entry[2])

    @staticmethod
    def _is_asleep(entry: tuple[int, int, Participant, int]) -> bool:
        return entry[2].parked and entry[2].ticket == entry[3]


class RealClock:
    """The wall clock: nothing is arranged, waiting is waiting."""

    virtual = False

    def __init__(self) -> None:
        import threading  # noqa: PLC0415 - after the shims, where there are any

        self._changed: Any = threading.Condition()

    def now(self) -> int:
        """Return the process's monotonic clock, in ticks."""
        return time.monotonic_ns()

    def wait(self, ready: Callable[[], bool]) -> None:
        """Hold the calling thread until *ready()*."""
        with self._changed:
            self._changed.wait_for(ready)

    def notify(self) -> None:
        """Let the threads in `wait` look again."""
        with self._changed:
            self._changed.notify_all()
