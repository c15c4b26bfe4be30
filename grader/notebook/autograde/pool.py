"""Judges several submissions at once, a little ahead of whoever asks for the verdicts.

One that is unsettled is tried again, as in a batch. It knows no notebook and no gradebook.
"""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from grader.batch import executors
from grader.batch.job import Job, Key, Reply, Settings
from grader.batch.worker import grade_jobs

Read = Callable[[], tuple[Settings, Job] | None]  # reads what was handed in; None: there is nothing


class Pool:
    """Judges what was *handed* in. ahead: whose verdicts will be asked for, in this order."""

    def __init__(self, handed: Mapping[Key, Read], ahead: Sequence[Key], *, timed: bool) -> None:
        self._handed = dict(handed)
        self._ahead = iter(ahead)
        self._begun: dict[Key, tuple[Job, Settings, Future[list[Reply]]] | Exception | None] = {}
        stack = contextlib.ExitStack()
        self._place = stack.enter_context(executors.local(timed=timed))
        self._close: Callable[[], Any] = weakref.finalize(self, stack.close)

    def result(self, key: Key) -> Reply | None:
        """Wait for the verdicts on *key*; None when there is nothing to judge. Raises what reading it raised.

        Each is given out once; with the last one the judges end.
        """
        self._begin(key)
        begun = self._begun.pop(key)
        while len(self._begun) < 2 * self._place.width and (following := next(self._ahead, None)) is not None:
            self._begin(following)
        try:
            if isinstance(begun, Exception):
                raise begun
            return None if begun is None else self._settled(*begun)
        finally:
            if not self._handed and not self._begun:
                self._close()

    def _settled(self, job: Job, settings: Settings, future: Future[list[Reply]]) -> Reply:
        reply = future.result()[0]
        if reply.unsettled:
            reply = self._place.executor.submit(grade_jobs, settings, [job]).result()[0]
        return reply

    def _begin(self, key: Key) -> None:
        read = self._handed.pop(key, None)
        if read is None:
            return  # begun ahead of time
        try:
            found = read()
        except Exception as error:  # noqa: BLE001 - whoever asks for it is told, and nobody else
            self._begun[key] = error
            return
        if found is None:
            self._begun[key] = None
        else:
            settings, job = found
            self._begun[key] = (job, settings, self._place.executor.submit(grade_jobs, settings, [job]))
