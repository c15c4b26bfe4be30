"""What happens in a traced program, noted as it happens, and handed over as plain data. It draws and judges nothing.

The rows that it makes are those that `grader.tracing.data` reads.
"""

from __future__ import annotations

import asyncio
import sys
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from grader.candidate.clock import Clock
from grader.candidate.recorder import Line
from grader.ticks import to_ticks
from grader.tracing.child.awaiting import OTHER, SLEEP, THREAD, Awaited, coroutine_of, look
from grader.tracing.child.holds import HELD, Turn
from grader.tracing.child.leftovers import Leftovers
from grader.tracing.child.lines import Lines
from grader.tracing.child.notes import Hold, Row, TaskNote, name_of

MOST_TASKS: Final = 20_000
MOST_WAITS: Final = 50_000


class LoopNotes:
    """What is noted of one event loop: its run, whose turn it is, what holds it."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self.index = -1
        self.start = self.end = 0
        self.line: Line | None = None
        self.holds: list[Hold] = []
        self.running = self.expects_main = False
        self.turn = Turn()
        self.step: TaskNote | None = None
        self._joinable = False  # whether a hold may go on the one before it

    # -- runs ----------------------------------------------------------------------------------------------

    def begins(self) -> None:
        """Note that the loop runs now, in this thread."""
        self._tracer.take_in(self)
        self.running = True
        self.turn.begin(self._tracer.now())

    def ends(self) -> None:
        """Note that the loop has stopped, for good or for now."""
        self.running = False
        self.end = self._tracer.now()

    def completed(self) -> None:
        """Note that what the loop was run for is over: what is pending now is left over."""
        for note in self._tracer.tasks:
            task = note.task() if note.run == self.index and note.end is None else None
            if task is not None and not task.cancelling():
                note.left = True

    # -- steps ---------------------------------------------------------------------------------------------

    def woken(self, task: asyncio.Task[Any]) -> TaskNote | None:
        """Note that *task* is about to be resumed, or made; return its note."""
        note = self._tracer.note_of(task, self)
        if note is not None:
            note.goes_on(self._tracer.now())
        return note

    def step_begins(self, note: TaskNote | None) -> None:
        """Note that a task's code runs from now on."""
        if self.turn.measured:
            self._boundary()
        self.step = note
        self._joinable = False

    def step_ends(self, note: TaskNote | None) -> None:
        """Note that a task's code has run to its next wait, or to its end."""
        if self.turn.measured:
            self._boundary()
        self.step = None
        self._joinable = False
        if note is not None:
            self._tracer.settle(note)

    # -- holds ---------------------------------------------------------------------------------------------

    def select_begins(self) -> None:
        """Note that the loop looks for what is ready, and waits for it."""
        self._boundary()
        self.turn.idle = True

    def select_ends(self) -> None:
        """Note that the loop goes on."""
        self.turn.begin(self._tracer.now())

    def held(self, start: int, end: int, why: str) -> None:
        """Note a blocking call that says so itself, as all do on the virtual clock."""
        owner = self.step or self
        if self._joinable and owner.holds and owner.holds[-1].end == start:
            owner.holds[-1].end = end
            owner.holds[-1].calls += 1
            return
        self._joinable = True
        owner.holds.append(Hold(start, end, why, self._tracer.lines.line_here(sys._getframe(1))))

    def _boundary(self) -> None:
        now, turn = self._tracer.now(), self.turn
        if now - turn.mark > HELD:
            owner = self.step or self
            found = turn.explain(now)
            # Without a line of theirs it was many small callbacks of asyncio's own.
            owner.holds.extend(Hold(*hold) for hold in found if owner is not self or hold.line is not None)
        turn.mark = now

    def so_far(self) -> tuple[TaskNote | LoopNotes, list[Hold]]:
        """Return what holds the loop now, and whose it is."""
        found = self.turn.so_far(self._tracer.now()) if self.running else []
        return self.step or self, [Hold(*hold) for hold in found]

    def row(self, more: Sequence[Hold]) -> list[Any]:
        """Return the run as data, with *more* holds."""
        end = self._tracer.now() if self.running else self.end
        return [self.start, end, self.line, [hold.row() for hold in (*self.holds, *more)]]


class Tracer:
    """Everything that is noted of one program."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lines = Lines(clock)
        self.tasks: list[TaskNote] = []
        self.runs: list[LoopNotes] = []
        self.notes: list[str] = []
        self.left = Leftovers(self.lines)
        self.dropped = 0
        self._cut: int | None = None  # from when on no more was kept
        self.zero = 0
        self.waits = 0
        self._jobs: weakref.WeakKeyDictionary[asyncio.Future[Any], tuple[str, int]] = weakref.WeakKeyDictionary()
        self._notes: weakref.WeakKeyDictionary[asyncio.Task[Any], TaskNote | None] = weakref.WeakKeyDictionary()

    def now(self) -> int:
        """Return the present, in ticks since the first loop began to run."""
        return self.clock.now() - self.zero

    def take_in(self, loop: LoopNotes) -> None:
        """Count a loop that begins to run."""
        if loop.index >= 0:
            return
        if not self.runs:
            self.zero = self.clock.now()
        loop.index, loop.start, loop.line = len(self.runs), self.now(), self.lines.line_here(sys._getframe(2))
        self.runs.append(loop)

    def known(self) -> Iterator[asyncio.Task[Any]]:
        """Return the tasks that are known and still there."""
        return iter(list(self._notes))

    def say(self, note: str) -> None:
        """Keep a sentence for the reader, once."""
        if note not in self.notes:
            self.notes.append(note)

    # -- tasks ---------------------------------------------------------------------------------------------

    def note_of(self, task: asyncio.Task[Any], loop: LoopNotes, coroutine: Any = None) -> TaskNote | None:
        """Return what is noted of *task*, which may be new; None for one that is asyncio's own, or one too many."""
        try:
            return self._notes[task]
        except KeyError:
            coroutine = coroutine or coroutine_of(task)
            note = self._notes[task] = None if self._is_asyncios(coroutine) else self._take(task, loop, coroutine)
            return note

    @staticmethod
    def _is_asyncios(coroutine: Any) -> bool:
        frame = getattr(coroutine, "cr_frame", None)
        module = "" if frame is None else str(frame.f_globals.get("__name__"))
        # Such as what ends a loop, or accepts a connection.
        private = frame is not None and frame.f_code.co_name.startswith("_")
        return module == "asyncio.base_events" or (module.startswith("asyncio.") and private)

    def _take(self, task: asyncio.Task[Any], loop: LoopNotes, coroutine: Any) -> TaskNote | None:
        if len(self.tasks) >= MOST_TASKS:
            self._drop()
            return None
        # A task may be made before its loop runs: `Runner.run` does so.
        self.take_in(loop)
        note = TaskNote(len(self.tasks) + 1, self.now(), loop.index, name_of(coroutine), task)
        caller = sys._getframe(3)
        note.line, note.inner = self.lines.line_here(caller), self.lines.is_inner(coroutine, caller)
        note.main, loop.expects_main = loop.expects_main, False
        if asyncio._get_running_loop() is not None:
            current = asyncio.current_task()
            parent = self._notes.get(current) if current is not None and current is not task else None
            note.parent = None if parent is None else parent.number
        self.tasks.append(note)
        return note

    def settle(self, note: TaskNote) -> None:
        """Note that a task has ended, or what it waits for."""
        task = note.task()
        if task is None:
            return
        if task.done():
            error = None if task.cancelled() else task._exception
            note.end, note.name = self.now(), task.get_name()
            note.outcome = "cancelled" if task.cancelled() else "done" if error is None else "failed"
            note.error = "" if error is None else type(error).__name__
        elif getattr(task, "_fut_waiter", None) is not None:
            self._wait(note, task)

    def _wait(self, note: TaskNote, task: asyncio.Task[Any]) -> None:
        self.waits += 1
        if self.waits > MOST_WAITS:
            self._drop()
            return
        try:
            seen = look(task, self.lines.line_of)
        except Exception:  # noqa: BLE001 - an awaitable of the learner's may raise anything when it is looked at
            seen = Awaited(OTHER)
        chain: Row = tuple((self.lines.number_of(coroutine), tuple(line)) for coroutine, line in seen.chain)
        if not chain and note.line is not None:
            # A library's coroutine in a task of its own: the line that made the task stands for it.
            chain = ((-note.number, tuple(note.line)),)
        numbers = [found.number for found in map(self._notes.get, seen.tasks) if found is not None]
        jobs = [self._job(future, note, chain, seen.function) for future in seen.futures]
        numbers += [job for job in jobs if job is not None]
        # Of pauses each is a call of its own.
        call = 0 if seen.call is None or seen.kind == SLEEP else self.lines.number_of(seen.call)
        note.theirs = note.theirs or bool(seen.chain)
        due = None if seen.due is None else to_ticks(seen.due) - self.zero
        note.waits_for(seen.kind, self.now(), (seen.what, chain, seen.function, tuple(numbers), call), due)

    def job(self, future: asyncio.Future[Any], function: Any) -> None:
        """Note that a thread or a process was asked to run *function*, whose result *future* will have."""
        self._jobs[future] = (name_of(function), self.now())

    def _job(self, future: asyncio.Future[Any], by: TaskNote, chain: Row, function: str) -> int | None:
        """Note a job that is awaited among others, which no wait of a task's stands for; return its number."""
        name, start = self._jobs.pop(future, ("", 0))
        if not name or len(self.tasks) >= MOST_TASKS:
            return None
        note = TaskNote(len(self.tasks) + 1, start, by.run, name)
        note.parent, note.line = by.number, chain[-1][1] if chain else by.line
        place = () if note.line is None else ((-note.number, tuple(note.line)),)
        note.waits_for(THREAD, start, ("run_in_executor", place, function, (), 0))
        self.tasks.append(note)

        def done(future: asyncio.Future[Any]) -> None:
            note.end = self.now()
            note.goes_on(note.end)
            error = None if future.cancelled() else future._exception
            note.outcome = "cancelled" if future.cancelled() else "done" if error is None else "failed"
            note.error = "" if error is None else type(error).__name__

        future.add_done_callback(done)
        return note.number

    def _drop(self) -> None:
        self._cut = self.now() if self._cut is None else self._cut
        self.dropped += 1

    # -- the end -------------------------------------------------------------------------------------------

    def report(self, facts: dict[str, Any], name: Callable[[Any, int], str]) -> dict[str, Any]:
        """Return the trace as data. facts: the rest of it. name: what an instruction of some code calls, or nothing."""
        more = dict(loop.so_far() for loop in self.runs)
        owners: list[Any] = [*self.tasks, *self.runs]
        for hold in (h for owner in owners for h in (*owner.holds, *more.get(owner, [])) if h.spot is not None):
            hold.why, hold.spot = name(*hold.spot) or hold.why, None
        end = max([loop.end for loop in self.runs] + [self.now() for loop in self.runs if loop.running], default=0)
        return {
            **facts,
            "start": 0,
            "end": end,
            "tasks": [note.row(more.get(note, [])) for note in list(self.tasks) if note.matters()],
            "runs": [loop.row(more.get(loop, [])) for loop in list(self.runs)],
            "unawaited": self.left.unawaited(),
            "lost": self.left.lost[:100],
            "notes": self.notes,
            "dropped": self.dropped,
            "cut": self._cut,
        }
