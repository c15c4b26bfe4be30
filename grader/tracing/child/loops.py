"""Event loops that tell a tracer what they do, on the real clock or the virtual one. They keep nothing themselves."""

from __future__ import annotations

import asyncio
import selectors
import sys
from collections.abc import Callable
from contextvars import Context
from typing import Any, Final

from grader.candidate.clock import VirtualClock
from grader.candidate.loop import CandidateLoop
from grader.tracing.child.notes import TaskNote
from grader.tracing.child.tracer import LoopNotes, Tracer

if sys.platform == "win32":
    _Usual = asyncio.ProactorEventLoop
else:
    _Usual = asyncio.SelectorEventLoop


_RESUMES: Final = {"__step", "__wakeup", "task_wakeup"}  # a task, from its beginning or from a future


class _Step(asyncio.Handle):
    """A handle that resumes a task, and says so."""

    __slots__ = ("_note", "_told")

    def __init__(self, call: tuple[Any, ...], told: LoopNotes, note: TaskNote | None) -> None:
        super().__init__(*call)
        self._told, self._note = told, note

    def _run(self) -> None:
        told, note = self._told, self._note
        told.step_begins(note)
        try:
            super()._run()
        finally:
            told.step_ends(note)
            # As asyncio does: the frame may live on in a traceback, and the task with it.
            self = None  # type: ignore[assignment]  # noqa: PLW0642


class Traced(asyncio.BaseEventLoop):
    """A loop that tells *notes* about its runs and the steps of its tasks."""

    notes: LoopNotes
    tracer: Tracer

    def run_forever(self) -> None:
        """Run until stopped."""
        self.notes.begins()
        try:
            super().run_forever()
        finally:
            self.notes.ends()

    def run_until_complete(self, future: Any) -> Any:
        """Run until *future*, or a coroutine, is done."""
        is_asyncios = getattr(getattr(future, "cr_code", None), "co_filename", "").endswith("base_events.py")
        if isinstance(future, asyncio.Task):
            note = self.tracer.note_of(future, self.notes)
            if note is not None:
                note.main = True
        self.notes.expects_main = asyncio.iscoroutine(future) and not is_asyncios
        try:
            return super().run_until_complete(future)
        finally:
            if not is_asyncios and (asyncio.iscoroutine(future) or isinstance(future, asyncio.Task)):
                self.notes.completed()

    def create_task(self, coro: Any, **options: Any) -> asyncio.Task[Any]:
        """Make a task; one that starts at once has not come by `call_soon`."""
        task = super().create_task(coro, **options)
        note = self.tracer.note_of(task, self.notes, coro)
        if note is not None and note.end is None and note.open is None:
            self.tracer.settle(note)
        return task

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Run *func* in a thread or a process."""
        future = super().run_in_executor(executor, func, *args)
        # `to_thread` hands over a call of `Context.run`.
        self.tracer.job(future, args[0] if getattr(func, "__name__", "") == "run" and args else func)
        return future

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Tell of an exception that nobody asked for, in the usual way too."""
        self.tracer.left.trouble(context)
        super().call_exception_handler(context)

    def _call_soon(
        self, callback: Callable[..., object], args: tuple[Any, ...], context: Context | None
    ) -> asyncio.Handle:
        task = getattr(callback, "__self__", None)
        # `task.cancel`, and what a child class adds, may be called soon as well.
        if not isinstance(task, asyncio.Task) or getattr(callback, "__name__", "__step") not in _RESUMES:
            usual: asyncio.Handle = super()._call_soon(callback, args, context)  # type: ignore[misc]
            return usual
        handle = _Step((callback, args, self, context), self.notes, self.notes.woken(task))
        if handle._source_traceback:  # type: ignore[attr-defined]
            del handle._source_traceback[-1]  # type: ignore[attr-defined]
        self._ready.append(handle)  # type: ignore[attr-defined]
        return handle


def real_loops(tracer: Tracer) -> Callable[..., asyncio.AbstractEventLoop]:
    """Return a class of loops on the real clock, like the platform's own, that tell *tracer*."""

    class TracedLoop(Traced, _Usual):
        def __init__(self, selector: selectors.BaseSelector | None = None) -> None:
            self.tracer, self.notes = tracer, LoopNotes(tracer)
            super().__init__(selector)
            self.notes.turn.measured = True
            waiter: Any = self._selector  # type: ignore[attr-defined]
            select, notes = waiter.select, self.notes

            def told(timeout: float | None = None) -> Any:
                notes.select_begins()
                try:
                    return select(timeout)
                finally:
                    notes.select_ends()

            waiter.select = told

    return TracedLoop


def virtual_loops(tracer: Tracer, clock: VirtualClock) -> Callable[..., asyncio.AbstractEventLoop]:
    """Return a class of loops on the virtual *clock* that tell *tracer*."""

    class TracedLoop(Traced, CandidateLoop):
        def __init__(self, selector: selectors.BaseSelector | None = None) -> None:
            self.tracer, self.notes = tracer, LoopNotes(tracer)
            super().__init__(clock, tracer.lines)

        def wait(self, timeout: float | None) -> None:
            self.notes.turn.idle = timeout != 0
            super().wait(timeout)
            self.notes.turn.idle = False

    def held(start: int, end: int, why: str) -> None:
        loop = asyncio._get_running_loop()
        if isinstance(loop, Traced):
            loop.notes.held(start - tracer.zero, end - tracer.zero, why)

    clock.on_hold = held
    clock.loop_is_running = lambda: asyncio._get_running_loop() is not None
    return TracedLoop


class TracedPolicy(asyncio.DefaultEventLoopPolicy):
    """Gives out traced loops wherever asyncio asks for a new one."""

    def __init__(self, make: Callable[[], asyncio.AbstractEventLoop]) -> None:
        super().__init__()
        self._make = make

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """Return a traced loop."""
        return self._make()


def install(tracer: Tracer, make: Callable[..., asyncio.AbstractEventLoop]) -> None:
    """Let this process's new loops be made by *make*, and *tracer* say so where a program brings another."""
    usual = asyncio.BaseEventLoop.run_forever

    def run_forever(self: asyncio.BaseEventLoop) -> None:
        if not isinstance(self, Traced):
            tracer.say(foreign(type(self)))
        usual(self)

    asyncio.BaseEventLoop.run_forever = run_forever  # type: ignore[method-assign]
    asyncio.SelectorEventLoop = make  # type: ignore[assignment]
    asyncio.set_event_loop_policy(TracedPolicy(make))


def foreign(kind: type[Any]) -> str:
    """Return what to say of a loop of some other *kind*."""
    name = f"{kind.__module__}.{kind.__name__}"
    return f"The program brought an event loop of its own ({name}): what ran in it is not shown."
