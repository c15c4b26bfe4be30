"""Puts `time` and `threading` of this process on the virtual clock; it does not know who asks.

The one place that replaces parts of other modules. `threading`, `queue` and `concurrent.futures` build every
blocking call on `_thread` locks, so a lock that parks its waiter makes Event, Condition, Semaphore, Queue,
executors and joins virtual at once. Each replacement looks at the calling thread: a thread that takes no part
in the clock (the judge's own, when it runs in the same process) gets the original.
"""

from __future__ import annotations

import _thread
import importlib._bootstrap  # noqa: F401 - its locks are replaced
import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from types import ModuleType, SimpleNamespace, TracebackType
from typing import Any, Final

from grader.candidate.clock import TURN, Participant, VirtualClock
from grader.ticks import TICKS_PER_SECOND, to_seconds, to_ticks

# Real time that `time.time()` shows at virtual zero: any plain date will do, the same one every run.
EPOCH: Final = 1_767_225_600 * TICKS_PER_SECOND

_REAL_SLEEP = time.sleep
_real_allocate_lock = _thread.allocate_lock


def install(clock: VirtualClock) -> Callable[[], None]:
    """Replace the blocking and clock-reading functions; return what puts the originals back."""
    patches = _Patches()
    _install_time(clock, patches)
    _install_locks(clock, patches)
    _install_threads(clock, patches)
    _install_raw_threads(clock, patches)
    return patches.undo


class _Patches:
    def __init__(self) -> None:
        self._saved: list[tuple[Any, str, Any]] = []

    def set(self, owner: Any, name: str, value: Any) -> None:
        if hasattr(owner, name):
            self._saved.append((owner, name, owner.__dict__[name]))
            setattr(owner, name, value)

    def undo(self) -> None:
        while self._saved:
            setattr(*self._saved.pop())


def _install_time(clock: VirtualClock, patches: _Patches) -> None:
    def sleep(seconds: float, /) -> None:
        me = clock.me()
        if me is None:
            _REAL_SLEEP(seconds)
            return
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        clock.block(me, clock.now() + to_ticks(seconds), "time.sleep")

    # What its name says, or a pool of processes could not pickle it.
    sleep.__module__, sleep.__qualname__ = "time", "sleep"

    def reader(real: Callable[[], Any], offset: int, *, ticks: bool) -> Callable[[], Any]:
        def read() -> Any:
            if clock.me() is None:
                return real()
            present = offset + clock.look()
            return present if ticks else to_seconds(present)

        read.__name__ = read.__qualname__ = real.__name__
        return read

    monotonic = reader(time.monotonic, 0, ticks=False)
    patches.set(time, "sleep", sleep)
    patches.set(time, "monotonic", monotonic)
    for name, offset, ticks in [
        ("perf_counter", 0, False),
        ("time", EPOCH, False),
        ("monotonic_ns", 0, True),
        ("perf_counter_ns", 0, True),
        ("time_ns", EPOCH, True),
    ]:
        patches.set(time, name, reader(getattr(time, name), offset, ticks=ticks))
    # Modules that took the function itself, not the module.
    patches.set(threading, "_time", monotonic)
    patches.set(queue, "time", monotonic)


class VirtualLock:
    """A lock whose waiters are parked on the clock and served first come, first served."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._locked = False
        self._waiters: deque[Participant] = deque()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock; return whether it was got, as `threading.Lock.acquire`."""
        if not blocking and timeout != -1:
            raise ValueError("can't specify a timeout for a non-blocking call")
        if timeout < 0 and timeout != -1:
            raise ValueError("timeout value must be a non-negative number")
        if not self._locked:
            self._locked = True
            return True
        me = self._clock.me()
        if not blocking or timeout == 0:
            if me is not None:
                self._clock.spin(me, TURN)  # a program may try until it is free
            return False
        if me is None:
            return self._acquire_outside(timeout)
        self._waiters.append(me)
        until = None if timeout == -1 else self._clock.now() + to_ticks(timeout)
        if self._clock.block(me, until, "lock"):
            return True  # `release` handed the lock over
        if me in self._waiters:  # a release in the very tick of the timeout has looked at it already
            self._waiters.remove(me)
        return False

    def release(self) -> None:
        """Give the lock to the first waiter, or free it."""
        if not self._locked:
            raise RuntimeError("release unlocked lock")
        while self._waiters:
            if self._clock.wake(self._waiters.popleft()):
                return
        self._locked = False

    def locked(self) -> bool:
        """Return whether somebody holds the lock."""
        return self._locked

    def _acquire_outside(self, timeout: float) -> bool:
        # A thread that is not on the clock cannot park: it looks again now and then.
        deadline = None if timeout == -1 else time.monotonic() + timeout
        while self._locked:
            if deadline is not None and time.monotonic() >= deadline:
                return False
            _REAL_SLEEP(0.001)
        self._locked = True
        return True

    def _at_fork_reinit(self) -> None:
        self._locked = False
        self._waiters.clear()

    __enter__ = acquire

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def __repr__(self) -> str:
        return f"<{'locked' if self._locked else 'unlocked'} lock>"


def _install_locks(clock: VirtualClock, patches: _Patches) -> None:
    real_rlock: Any = threading.RLock

    class Lock(VirtualLock):
        """`threading.Lock`: a class, since programs subscript, annotate and subclass it."""

        def __new__(cls) -> Any:
            return _real_allocate_lock() if clock.me() is None else super().__new__(cls)

        def __init__(self) -> None:
            super().__init__(clock)

    def rlock(*args: Any, **kwargs: Any) -> Any:
        return real_rlock(*args, **kwargs) if clock.me() is None else threading._PyRLock(*args, **kwargs)  # type: ignore[attr-defined]

    patches.set(threading, "_allocate_lock", Lock)
    patches.set(threading, "Lock", Lock)
    patches.set(threading, "RLock", rlock)
    # Two threads that import one module meet at a lock of importlib's, made from its own view of `_thread`.
    importing = SimpleNamespace(**{**vars(_thread), "allocate_lock": Lock, "RLock": rlock})
    patches.set(sys.modules["importlib._bootstrap"], "_thread", importing)
    patches.set(queue, "SimpleQueue", queue._PySimpleQueue)  # type: ignore[attr-defined]
    # Held while an executor starts a thread, which is a moment in which threads change.
    executors: ModuleType | None = sys.modules.get("concurrent.futures.thread")
    if executors is not None:
        patches.set(executors, "_global_shutdown_lock", VirtualLock(clock))


def _install_threads(clock: VirtualClock, patches: _Patches) -> None:
    thread_class: Any = threading.Thread
    real_start, real_join, real_bootstrap = thread_class.start, thread_class.join, thread_class._bootstrap
    real_is_alive = thread_class.is_alive

    def start(self: Any) -> None:
        if clock.me() is None or self._started.is_set():
            real_start(self)
            return
        self._place = clock.announce(self._name)
        caller = sys._getframe(1)
        self._place.started_at = (caller.f_code.co_filename, caller.f_lineno)
        try:
            real_start(self)
        except BaseException:
            if not self._started.is_set():
                clock.forget(self._place)
            raise

    def bootstrap(self: Any) -> None:
        place: Participant | None = getattr(self, "_place", None)
        if place is None:
            real_bootstrap(self)
            return
        clock.enter(place)
        try:
            real_bootstrap(self)
        finally:
            clock.leave(place)

    def join(self: Any, timeout: float | None = None) -> None:
        me, place = clock.me(), getattr(self, "_place", None)
        if me is not None and place is not None and place is not me and not place.finished:
            place.joiners.append(me)
            until = None if timeout is None else clock.now() + to_ticks(max(timeout, 0))
            clock.block(me, until, "join")
            if not place.finished:
                place.joiners.remove(me)
                return
        real_join(self, timeout)

    def is_alive(self: Any) -> bool:
        # A thread that has left the clock is still ending for a moment of real time.
        return not getattr(getattr(self, "_place", None), "finished", False) and real_is_alive(self)

    patches.set(thread_class, "start", start)
    patches.set(thread_class, "_bootstrap", bootstrap)
    patches.set(thread_class, "join", join)
    patches.set(thread_class, "is_alive", is_alive)


def _install_raw_threads(clock: VirtualClock, patches: _Patches) -> None:
    real_start_new = _thread.start_new_thread

    def start_new_thread(function: Any, args: Any, kwargs: Any = None, /) -> int:
        if clock.me() is None:
            return real_start_new(function, args, kwargs or {})
        place = clock.announce("thread")

        def run() -> None:
            clock.enter(place)
            try:
                function(*args, **(kwargs or {}))
            finally:
                clock.leave(place)

        try:
            return real_start_new(run, ())
        except BaseException:
            clock.forget(place)  # nobody would ever give its turn back
            raise

    patches.set(_thread, "start_new_thread", start_new_thread)
