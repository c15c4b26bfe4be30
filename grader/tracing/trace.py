"""What a traced program did, as values: its tasks, their waits, what held the loop, how it ended. No process, no disk.

Times are ticks (nanoseconds) since the program's first event loop began to run, on the clock that `Trace.clock` names.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from grader.evidence import Waiter
from grader.timeline import Hold, Line, Operation, Step, peak

# What a task waits for: a pause; an answer from outside; a lock, semaphore, event or queue; a thread or a process;
# other tasks; anything else.
SLEEP: Final = "sleep"
NETWORK: Final = "network"
SIGNAL: Final = "signal"
THREAD: Final = "thread"
TASK: Final = "task"
OTHER: Final = "other"
KINDS: Final = (SLEEP, NETWORK, SIGNAL, THREAD, TASK, OTHER)
# What else a task may be doing: its code runs, or is about to; its code holds the loop; another's code holds the loop.
RUNNING: Final = "running"
BLOCKING: Final = "blocking"
HELD: Final = "held"
STATES: Final = (*KINDS, RUNNING, BLOCKING, HELD)
# What takes its time by itself. Who waits for a signal or for a task waits for somebody else in the program.
_OPERATIONS: Final = frozenset({SLEEP, NETWORK, THREAD, OTHER})


@dataclass(frozen=True)
class Pause:
    """A task was suspended from *start* to *end* (None: it still was when the trace ended).

    kind: one of `KINDS`. what: what it called, such as ``asyncio.sleep``, ``Semaphore.acquire``, ``httpx``.
    chain: the learner's coroutines that were suspended, outermost first. function: the innermost of them.
    tasks: numbers of the tasks it waited for, where they are known. call: the same number for the waits of one
    call of a library's coroutine, 0 where there is none.
    """

    kind: str
    start: int
    end: int | None
    what: str = ""
    chain: tuple[Step, ...] = ()
    function: str = ""
    tasks: tuple[int, ...] = ()
    call: int = 0

    @property
    def line(self) -> Line | None:
        """The innermost line of the learner's at which it waited."""
        return self.chain[-1].line if self.chain else None


class Segment(NamedTuple):
    """What a task was doing from *start* to *end*: one of `STATES`, at *line* in *function*; what: what it called."""

    start: int
    end: int
    state: str
    line: Line | None = None
    what: str = ""
    function: str = ""


@dataclass(frozen=True)
class TracedTask:
    """One task, from its creation at *start* to *end* (None: it had not ended when the trace did).

    number: from 1, by creation. parent: the number of the task that made it, or None. name: the task's own, when
    the program gave it one, else the coroutine's. line: where it was made. outcome: ``done``, ``failed``,
    ``cancelled`` or ``pending``. run: index into `Trace.runs`. main: the coroutine that the loop was run for.
    left: it had not ended, nor been cancelled, when its run's main coroutine had. inner: a library made it for itself.
    error: the exception's type, if it failed. holds: when its code held the loop.
    """

    number: int
    name: str
    coroutine: str
    start: int
    end: int | None
    outcome: str = "done"
    parent: int | None = None
    line: Line | None = None
    run: int = 0
    main: bool = False
    left: bool = False
    inner: bool = False
    error: str = ""
    waits: tuple[Pause, ...] = ()
    holds: tuple[Hold, ...] = ()


@dataclass(frozen=True)
class Run:
    """One run of an event loop, such as one `asyncio.run`, until *end*.

    holds: by callbacks that belong to no task. line: where the program started it.
    """

    start: int
    end: int
    line: Line | None = None
    holds: tuple[Hold, ...] = ()


@dataclass(frozen=True)
class Unawaited:
    """A coroutine of function *name* was made at *line* and never awaited, so many *times*."""

    name: str
    line: Line
    times: int = 1


@dataclass(frozen=True)
class Lost:
    """An exception that ended a task and that nobody looked at. error: its type's name; line: where it was raised."""

    error: str
    message: str
    line: Line | None = None


@dataclass(frozen=True)
class Ending:
    """How the program ended.

    how: ``done``; ``exit`` (`sys.exit`); ``raised`` (*error* and *message* say what, *line* where); ``interrupted``
    (Ctrl-C); ``limit`` (stopped after *message*, such as ``60 s``); ``deadlocked``; ``exited`` (`os._exit`); ``died``
    (of *message*, a signal's name); ``unreadable`` (a SyntaxError, *message* says which); ``real`` (stopped on the
    virtual clock, as *message*, such as ``a network connection``, has no place there).
    code: the exit code. waiting: who waited where at that moment, when it did not end by itself.
    """

    how: str = "done"
    code: int = 0
    error: str = ""
    message: str = ""
    line: Line | None = None
    waiting: tuple[Waiter, ...] = ()


@dataclass(frozen=True)
class Trace:
    """What one run of *script* showed.

    script: the path as the learner gave it. python: ``3.12.1``. clock: ``real`` or ``virtual``. tasks: in the order of
    their creation. runs: each run of an event loop, none for a program that never started one.
    source: file -> its lines, for the files that lines name. notes: what could not be traced, as sentences.
    dropped: how many tasks and waits there were beyond those kept.
    """

    script: str
    python: str
    clock: str
    start: int
    end: int
    tasks: tuple[TracedTask, ...] = ()
    runs: tuple[Run, ...] = ()
    unawaited: tuple[Unawaited, ...] = ()
    lost: tuple[Lost, ...] = ()
    ending: Ending = Ending()
    source: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    dropped: int = 0

    @property
    def elapsed(self) -> int:
        """Ticks from start to end."""
        return self.end - self.start

    def task(self, number: int) -> TracedTask | None:
        """Return the task with that number."""
        return self._by_number.get(number)

    def holds(self) -> tuple[Hold, ...]:
        """Return all holds of a loop, by start."""
        found = [hold for task in self.tasks for hold in task.holds] + [hold for run in self.runs for hold in run.holds]
        return tuple(sorted(found, key=lambda hold: hold.start))

    def operations(self) -> tuple[Operation, ...]:
        """Return what was in flight, by start: each wait that takes its time by itself (a pause, a request, a thread).

        A wait for a lock, an event, a queue or a task is none: it lasts as long as something else in the program.
        """
        found = [
            Operation(pause.kind, pause.start, pause.end, pause.what, pause.line, task.number)
            for task in self.tasks
            for pause in task.waits
            if pause.kind in _OPERATIONS and pause.end != pause.start
        ]
        return tuple(sorted(found, key=lambda operation: operation.start))

    def in_flight(self) -> int:
        """Return the peak: the most `operations` at one instant; one that ends as another starts is not beside it."""
        return peak(self.operations(), self.end)

    def text(self, line: Line | None) -> str:
        """Return the source text of *line*, without its indentation; nothing when it is not known."""
        lines = self.source.get(line.file, ()) if line is not None else ()
        return lines[line.number - 1].strip() if line is not None and 0 < line.number <= len(lines) else ""

    def segments(self, task: TracedTask) -> tuple[Segment, ...]:
        """Return what *task* did from its start to its end, without gaps, by start.

        Between its waits its code runs, unless it or another holds the loop; what others hold while it waits anyway
        shows in their rows only.
        """
        end = self.end if task.end is None else task.end
        found: list[Segment] = []
        now = task.start
        for pause in task.waits:
            found += self._awake(task, now, pause.start)
            now = end if pause.end is None else pause.end
            if now > pause.start:
                found.append(Segment(pause.start, now, pause.kind, pause.line, pause.what, pause.function))
        found += self._awake(task, now, end)
        return tuple(found)

    @cached_property
    def _by_number(self) -> Mapping[int, TracedTask]:
        return {task.number: task for task in self.tasks}

    @cached_property
    def _holds_by_run(self) -> Mapping[int, tuple[tuple[int, Hold], ...]]:
        found: dict[int, list[tuple[int, Hold]]] = {
            index: [(0, hold) for hold in run.holds] for index, run in enumerate(self.runs)
        }
        for task in self.tasks:
            found.setdefault(task.run, []).extend((task.number, hold) for hold in task.holds)
        return {run: tuple(sorted(holds, key=lambda held: held[1].start)) for run, holds in found.items()}

    def _awake(self, task: TracedTask, start: int, end: int) -> Iterator[Segment]:
        """Yield what *task*, which does not wait, does from *start* to *end*."""
        holds = self._holds_by_run.get(task.run, ())
        now = start
        # Those of one loop do not overlap, so their ends are in order too.
        for number, hold in holds[bisect_right(holds, start, key=lambda held: held[1].end) :]:
            if hold.start >= end:
                break
            begin, stop = max(hold.start, now), min(hold.end, end)
            if begin > now:
                yield Segment(now, begin, RUNNING)
            if stop > begin:
                yield Segment(begin, stop, BLOCKING if number == task.number else HELD, hold.line, hold.why)
            now = max(begin, stop)
        if end > now:
            yield Segment(now, end, RUNNING)
