"""Judges several submissions at once, a little ahead of whoever asks for the verdicts.

One that is unsettled is tried again, as in a batch. It knows no notebook and no gradebook.
"""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future

from grader.batch import executors
from grader.batch.job import Job, Key, Reply, Settings
from grader.batch.worker import grade_jobs

Handed = tuple[Key, Callable[[], tuple[Settings, Job] | None]]  # whose, and what reads it; None: there is nothing


class Pool:
    """Judges *handed*, in its order."""

    def __init__(self, handed: Sequence[Handed], *, timed: bool) -> None:
        self._left: Iterator[Handed] = iter(handed)
        self._running: dict[Key, tuple[Job, Settings, Future[list[Reply]]] | None] = {}
        self._stack = contextlib.ExitStack()
        self._place = self._stack.enter_context(executors.local(timed=timed))
        self._end = weakref.finalize(self, self._stack.close)

    def result(self, key: Key) -> Reply | None:
        """Wait for the verdicts on *key*; None when nothing was handed in. `KeyError` when it was not to be judged."""
        while key not in self._running and self._start_one():
            pass
        found = self._running.pop(key)
        while len(self._running) < 2 * self._place.width and self._start_one():
            pass
        if found is None:
            return None
        job, settings, future = found
        reply = future.result()[0]
        if reply.unsettled:
            reply = self._place.executor.submit(grade_jobs, settings, [job]).result()[0]
        return reply

    def close(self) -> None:
        """End the judges."""
        self._end()

    def _start_one(self) -> bool:
        following = next(self._left, None)
        if following is None:
            return False
        key, read = following
        found = read()
        if found is None:
            self._running[key] = None
        else:
            settings, job = found
            self._running[key] = (job, settings, self._place.executor.submit(grade_jobs, settings, [job]))
        return True
