"""What a program leaves: coroutines that nobody awaits, exceptions that nobody looks at. It judges nothing."""

from __future__ import annotations

import asyncio
import gc
import inspect
import sys
import types
import warnings
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from grader.tracing.child.awaiting import coroutine_of
from grader.tracing.child.lines import Lines

_MOST: Final = 1_000


class Leftovers:
    """What was left, each with the learner's line."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._unawaited: Counter[tuple[str, str, int]] = Counter()
        self.lost: list[list[Any]] = []

    def unawaited(self) -> list[list[Any]]:
        """Return name, line and number of those coroutines, as data."""
        return [[name, [file, number], times] for (name, file, number), times in list(self._unawaited.items())]

    def watch_coroutines(self) -> None:
        """Note every coroutine that nobody awaits; Python says so as well."""

        def note(coroutine: Any) -> None:
            self._note_unawaited(coroutine)
            # As Python says it when it does not know where the coroutine was made.
            told = f"coroutine {coroutine.__qualname__!r} was never awaited"
            warnings.warn(told, RuntimeWarning, stacklevel=2, source=coroutine)

        warnings._warn_unawaited_coroutine = note  # type: ignore[attr-defined]
        sys.set_coroutine_origin_tracking_depth(3)

    def look_for_coroutines(self, tasks: Iterable[asyncio.Task[Any]]) -> None:
        """Note the coroutines that something still refers to, now that the program is over."""
        gc.collect()
        owned = {id(coroutine_of(task)) for task in tasks}  # it may not have begun
        for item in gc.get_objects():
            if type(item) is not types.CoroutineType or id(item) in owned:
                continue
            if inspect.getcoroutinestate(item) == inspect.CORO_CREATED:
                self._note_unawaited(item)

    def _note_unawaited(self, coroutine: Any) -> None:
        for filename, number, _ in coroutine.cr_origin or ():
            line = self._lines.line_of(filename, number)
            if line is not None:
                self._unawaited[coroutine.__qualname__.rpartition(".")[2], line[0], line[1]] += 1
                return

    def trouble(self, context: dict[str, Any]) -> None:
        """Note an exception that nobody asked for."""
        error = context.get("exception")
        # That a task was cancelled is nobody's loss; in 3.11 the streams of asyncio say so all the same.
        if error is not None and not isinstance(error, asyncio.CancelledError) and len(self.lost) < _MOST:
            raised = list(self._lines.learner_frames(error))
            self.lost.append([type(error).__name__, str(error)[:300], raised[-1][:2] if raised else None])
