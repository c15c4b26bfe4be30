"""What is noted of a task and of a hold, to be handed over as rows of plain data. They note nothing by themselves."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from grader.candidate.recorder import Line

Row = tuple[Any, ...]


class TaskNote:
    """What is noted of one task.

    waits: rows of data, tuples of what the garbage collector need not look into: there are many of them. open: the row
    of the wait that goes on. due: when that is over, if it is a pause.
    """

    __slots__ = (
        *("number", "start", "run", "end", "outcome", "error", "coroutine", "parent", "line", "main", "left"),
        *("inner", "theirs", "task", "name", "waits", "open", "due", "holds", "__weakref__"),
    )

    def __init__(
        self, number: int, start: int, run: int, coroutine: str, task: asyncio.Task[Any] | None = None
    ) -> None:
        self.number, self.start, self.run = number, start, run
        self.end: int | None = None
        self.outcome, self.error = "pending", ""
        self.coroutine = coroutine
        self.parent: int | None = None
        self.line: Line | None = None
        self.main = self.left = self.inner = self.theirs = False
        self.task: Callable[[], asyncio.Task[Any] | None] = (lambda: None) if task is None else weakref.ref(task)
        self.name = ""
        self.waits: list[Row] = []
        self.open: Row | None = None
        self.due: int | None = None
        self.holds: list[Hold] = []

    def waits_for(self, kind: str, start: int, more: Row, due: int | None = None) -> None:
        """Begin a wait; more: what, chain, function, tasks and call, as in `trace.Pause`."""
        self.open, self.due = (kind, start, None, *more), due

    def goes_on(self, now: int) -> None:
        """End its wait, if it has one; a pause when it was due, though the loop may be held and see it later."""
        if self.open is not None:
            kind, start, _, *more = self.open
            self.waits.append((kind, start, now if self.due is None else min(now, max(self.due, start)), *more))
            self.open = None

    def matters(self) -> bool:
        """Return whether it is more than what a library does for itself."""
        return not self.inner or self.theirs or bool(self.holds)

    def row(self, more: Sequence[Hold]) -> list[Any]:
        """Return the task as data, with *more* holds."""
        task = self.task()
        name = self.name or (task.get_name() if task is not None else "")
        if name in {"", "None"} or name.startswith("Task-"):
            name = self.coroutine
        name = name.removeprefix("__main__.")  # some libraries name tasks themselves, in full
        facts = [self.number, name, self.coroutine, self.start, self.end, self.outcome, self.parent, self.line]
        return [
            *facts,
            self.run,
            self.main,
            self.left,
            self.inner,
            self.error,
            [*self.waits, self.open] if self.open is not None else self.waits,
            [hold.row() for hold in (*self.holds, *more)],
        ]


def name_of(called: Any) -> str:
    """Return the last part of the name of a coroutine or a function."""
    called = getattr(called, "func", called)  # of a partial
    return str(getattr(called, "__qualname__", type(called).__name__)).rpartition(".")[2]


class Hold:
    """The loop was held; spot: the code and the instruction that did, when that is how it was found out."""

    def __init__(self, start: int, end: int, why: str, line: Line | None, spot: tuple[Any, int] | None = None) -> None:
        self.start, self.end, self.why, self.line, self.spot = start, end, why, line, spot
        self.calls = 1

    def row(self) -> list[Any]:
        """Return the hold as data."""
        return [self.start, self.end, self.why, self.line, self.calls]
