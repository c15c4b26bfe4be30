"""The candidate's event loop on the judge's clock; it knows the recorder, and no message."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import Context
from typing import Any

from grader.candidate.clock import Participant, VirtualClock
from grader.candidate.recorder import Recorder
from grader.ticks import TickLoop, to_ticks


class CandidateLoop(TickLoop):
    """A loop that parks its thread on the clock where another one would wait."""

    def __init__(self, clock: VirtualClock, recorder: Recorder) -> None:
        self._ticks = clock
        self._recorder = recorder
        self._thread: Participant | None = None
        self.pool: Callable[[], ThreadPoolExecutor] | None = None
        super().__init__()

    def now(self) -> int:
        """Return the present, in ticks."""
        return self._ticks.now()

    def time(self) -> float:
        """Return the present, in seconds, to the loop or to a program that asks."""
        if sys._getframe(1).f_globals.get("__name__") != "asyncio.base_events":
            self._ticks.look()
        return super().time()

    def wait(self, timeout: float | None) -> None:
        """Park until a timer, a message or another thread."""
        self._recorder.turns += 1
        me = self._thread = self._ticks.me()
        if me is None:
            raise RuntimeError("this thread has no place on the clock")
        if timeout == 0:
            due = self.timers[0].when() if self.timers else None
            self._ticks.give_way(me, None if due is None else max(to_ticks(due), self.now()))
            return
        self._recorder.parking()
        until = None if timeout is None else self.now() + to_ticks(timeout)
        self._ticks.park(me, until, "loop", idle=True)

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Schedule *callback*; where it resumes a task, the recorder is told."""
        task = getattr(callback, "__self__", None)
        if isinstance(task, asyncio.Task):
            self._recorder.stepping(task)
        return super().call_soon(callback, *args, context=context)

    def run_in_executor(self, executor: Executor | None, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        """Run *func* in a thread; the default executor is made by `pool`, and only now: to end one takes a thread."""
        if executor is None and self.pool is not None:
            self.set_default_executor(self.pool())
        return super().run_in_executor(executor, func, *args)

    def set_default_executor(self, executor: ThreadPoolExecutor) -> None:  # type: ignore[override]
        """Use *executor* instead of one from `pool`."""
        self.pool = None
        super().set_default_executor(executor)

    def _write_to_self(self) -> None:
        # What `call_soon_threadsafe` does to interrupt a waiting loop; a blocking call goes on.
        if self._thread is not None and self._thread.why in {"loop", "spinning"}:
            self._ticks.wake(self._thread)
