"""What happened inside the candidate, one list per kind, each with the learner's line. It judges nothing.

Everything here is told to the judge as advice: a diagnosis may use it, a verdict does not rest on it alone.
A line is ``[file, number]``, the file relative to the submission's folder.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import itertools
import os
import sys
import warnings
import weakref
from collections.abc import Callable, Coroutine, Iterator
from types import FrameType
from typing import Any, Final

from grader.candidate.clock import Clock

MAX_EVENTS: Final = 5_000
Line = list[Any]
_ORIGIN_DEPTH: Final = 3  # frames noted for every coroutine that is made: a learner's line is among the first
# An environment may lie inside the learner's folder; what is installed there is not theirs.
_LIBRARIES: Final = tuple({os.path.join(os.path.realpath(p), "") for p in (sys.prefix, os.path.dirname(os.__file__))})


class Recorder:
    """One timeline per task, the holds of the loop, and what was left lying about."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._root = ""
        self._files: dict[str, str | None] = {}
        self.not_theirs: str | None = None  # a file of ours that may lie in their folder
        self._serials = itertools.count(1)
        self._coroutines: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        self._tasks: weakref.WeakKeyDictionary[asyncio.Task[Any], dict[str, Any]] = weakref.WeakKeyDictionary()
        self._open: dict[asyncio.Task[Any], dict[str, Any]] = {}
        self._stepped: dict[asyncio.Task[Any], None] = {}
        self.operations: dict[asyncio.Task[Any], tuple[str, int]] = {}
        self._events: dict[str, list[Any]] = {}
        self._dropped = 0
        self.turns = 0  # of the loop, which looks for what is ready in each
        self._held_in_turn = -1
        self._undo: list[Callable[[], None]] = []

    # -- lines ---------------------------------------------------------------------------------------------

    def look_into(self, folder: str) -> None:
        """Take the files in *folder* for the learner's."""
        self._root = os.path.join(os.path.realpath(folder), "")
        self._files.clear()

    def line_of(self, filename: str, number: int) -> Line | None:
        """Return the learner's line, or None when the file is not theirs."""
        if filename not in self._files:
            path = os.path.realpath(filename) if filename.endswith(".py") else ""
            theirs = path.startswith(self._root) and not path.startswith(_LIBRARIES) and path != self.not_theirs
            self._files[filename] = path[len(self._root) :] if theirs else None
        file = self._files[filename]
        return None if file is None else [file, number]

    def line_here(self, frame: FrameType | None = None) -> Line | None:
        """Return the innermost line of the learner's on the calling thread's stack."""
        frame = frame or sys._getframe(1)
        while frame is not None:
            line = self.line_of(frame.f_code.co_filename, frame.f_lineno)
            if line is not None:
                return line
            frame = frame.f_back
        return None

    def line_now(self, frame: FrameType) -> Line | None:
        """Return the innermost line of the learner's from *frame*, or else the line that made the running task."""
        line = self.line_here(frame)
        if line is None and asyncio._get_running_loop() is not None:
            task = asyncio.current_task()
            line = self._tasks[task]["line"] if task is not None and task in self._tasks else None
        return line

    # -- tasks and waits -----------------------------------------------------------------------------------

    def make_task(
        self, loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, Any], **options: Any
    ) -> asyncio.Task[Any]:
        """Be the loop's task factory: remember where each task was created, and by which."""
        task: asyncio.Task[Any] = asyncio.Task(coro, loop=loop, **options)
        parent = None
        if asyncio._get_running_loop() is loop:
            current = asyncio.current_task(loop)
            parent = self._tasks[current]["id"] if current is not None and current in self._tasks else None
        name = getattr(coro, "__qualname__", type(coro).__name__)
        self._tasks[task] = {"id": next(self._serials), "parent": parent, "name": name, "line": self.line_here()}
        return task

    def serial_of(self, task: asyncio.Task[Any]) -> int:
        """Return a number that grows with each task that is made."""
        record = self._tasks.get(task)
        return 0 if record is None else int(record["id"])

    def stepping(self, task: asyncio.Task[Any]) -> None:
        """End a task's wait, if it had one: it is about to be resumed."""
        wait = self._open.pop(task, None)
        if wait is not None:
            wait["end"] = self._clock.now()
        self._stepped[task] = None

    def parking(self) -> None:
        """Begin a wait of each task that ran since: the loop is about to wait."""
        for task in self._stepped:
            record = self._tasks.get(task)
            if record is None or task.done():
                continue
            chain, inner = self.chain(task.get_coro())
            kind, operation = self.operations.get(task, ("sleep" if inner == "sleep" else "other", None))
            if not chain and record["line"] is not None:
                # A library's coroutine in a task of its own: the line that made the task stands for it.
                chain = [[record["id"], *record["line"]]]
            wait = {
                "task": record["id"],
                "parent": record["parent"],
                "kind": kind,
                "operation": operation,
                "chain": chain,
                "start": self._clock.now(),
                "end": None,
            }
            self._open[task] = wait
            self.add("waits", wait)
        self._stepped.clear()

    def chain(self, awaitable: Any) -> tuple[list[list[Any]], str]:
        """Return a suspended coroutine's chain of the learner's lines, and the asyncio function it ends in."""
        chain: list[list[Any]] = []
        inner = ""
        while awaitable is not None:
            for prefix in ("cr", "ag", "gi"):
                frame = getattr(awaitable, prefix + "_frame", None)
                if frame is not None:
                    break
            else:
                break
            line = self.line_of(frame.f_code.co_filename, frame.f_lineno)
            if line is not None:
                chain.append([self._serial(awaitable), *line])
            module = frame.f_globals.get("__name__")
            inner = frame.f_code.co_name if module == "asyncio.tasks" else ""
            awaitable = _generator_of(getattr(awaitable, "gi_yieldfrom" if prefix == "gi" else prefix + "_await", None))
        return chain, inner

    def _serial(self, coroutine: Any) -> int:
        # An id() may be used again by the next coroutine; a serial is not.
        serial = self._coroutines.get(coroutine)
        if serial is None:
            serial = self._coroutines[coroutine] = next(self._serials)
        return serial

    # -- everything else -----------------------------------------------------------------------------------

    def add(self, kind: str, event: Any) -> None:
        """Keep one event, up to the cap."""
        events = self._events.setdefault(kind, [])
        if len(events) < MAX_EVENTS:
            events.append(event)
        else:
            self._dropped += 1

    def hold(self, start: int, end: int, why: str) -> None:
        """Note that the loop was held from *start* to *end* by the call that is on the stack now.

        Calls that follow one another before the loop has had a turn hold it together.
        """
        holds = self._events.get("holds")
        if holds and self._held_in_turn == self.turns and holds[-1]["end"] == start:
            holds[-1]["end"] = end
            holds[-1]["calls"] += 1
            return
        self._held_in_turn = self.turns
        line = self.line_here(sys._getframe(1))
        self.add("holds", {"start": start, "end": end, "why": why, "line": line, "calls": 1})

    def begin(self) -> None:
        """Forget what an earlier check left, and note coroutines that nobody awaited from now on."""
        self.end()
        self._events, self._dropped = {}, 0
        self._open.clear()
        self._stepped.clear()
        self.operations.clear()
        hook: Any = warnings._warn_unawaited_coroutine  # type: ignore[attr-defined]
        depth = sys.get_coroutine_origin_tracking_depth()

        def note(coro: Any) -> None:
            for filename, number, _ in coro.cr_origin or ():
                line = self.line_of(filename, number)
                if line is not None:
                    self.add("never_awaited", {"name": coro.__qualname__, "line": line})
                    return

        def undo() -> None:
            warnings._warn_unawaited_coroutine = hook  # type: ignore[attr-defined]
            sys.set_coroutine_origin_tracking_depth(depth)

        warnings._warn_unawaited_coroutine = note  # type: ignore[attr-defined]
        sys.set_coroutine_origin_tracking_depth(_ORIGIN_DEPTH)
        self._undo.append(undo)

    def end(self) -> None:
        """Stop to note coroutines."""
        while self._undo:
            self._undo.pop()()

    def loop_trouble(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Be the loop's exception handler: an exception that nobody asked for."""
        error, owner = context.get("exception"), context.get("task") or context.get("future")
        record = self._tasks.get(owner) if isinstance(owner, asyncio.Task) else None
        if error is not None:
            created = record["line"] if record is not None else None
            raised = list(self.learner_frames(error))
            self.add(
                "unretrieved",
                {
                    "type": type(error).__name__,
                    "message": str(error)[:200],
                    "line": raised[-1][:2] if raised else created,
                },
            )

    def learner_frames(self, error: BaseException) -> Iterator[list[Any]]:
        """Yield ``[file, number, function]`` for each of the learner's frames in a traceback."""
        slot: Any = BaseException.__dict__["__traceback__"]  # the error's own attribute may be anything
        trace = slot.__get__(error)
        while trace is not None:
            code = trace.tb_frame.f_code
            line = self.line_of(code.co_filename, trace.tb_lineno)
            if line is not None:
                yield [*line, code.co_name]
            trace = trace.tb_next

    def tasks_left(self, ours: set[asyncio.Task[Any]]) -> None:
        """Note every task that is still pending now, besides *ours*."""
        for task in sorted(asyncio.all_tasks() - ours, key=self.serial_of):
            record = self._tasks.get(task)
            if record is not None:
                self.add("tasks_left", {"name": record["name"], "line": record["line"], "id": record["id"]})

    def report(self) -> dict[str, Any]:
        """Return everything noted, as plain data."""
        return {**self._events, "dropped": self._dropped}


def _generator_of(awaitable: Any) -> Any:
    """Return the async generator whose next item *awaitable* waits for, or *awaitable* itself."""
    if type(awaitable).__name__ not in {"async_generator_asend", "async_generator_athrow"}:
        return awaitable
    # It has no attribute that says so.
    return next(filter(inspect.isasyncgen, gc.get_referents(awaitable)), None)
