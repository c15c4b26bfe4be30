"""Sends jobs out and saves what comes back, until each has one final result. It knows no exercise and no report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from typing import Protocol

from grader.batch.executors import Place
from grader.batch.job import Job, Key, Reply, Settings
from grader.batch.store import Store, Stored
from grader.batch.worker import grade_jobs


class Gone(Exception):  # noqa: N818 - no fault of the code's
    """What was handed in cannot be read any more; the message is one line."""


class Handed(Protocol):
    """What was handed in: who, which exercise, what tells whether it has changed, and the job to read in its turn."""

    @property
    def key(self) -> Key:
        """Whose it is, and of which exercise."""

    @property
    def digest(self) -> str:
        """Of all its files."""

    def job(self) -> Job:
        """Read the files; `Gone`."""


@dataclass
class Driver:
    """Grades what was handed in. on_result: told of every final result, and of those that an earlier run had."""

    settings: Settings
    store: Store
    on_result: Callable[[Reply], object]

    def run(self, handed: Iterable[Handed], place: Place) -> None:
        """Grade what has no final result yet; what is unsettled once is tried again, alone."""
        again: list[Handed] = []
        jobs = self._read(self._new(handed, again))
        for item, reply in self._replies(jobs, place.executor, place.width * 2, place.size):
            self._save(item, reply, settled=not reply.unsettled)
            if reply.unsettled:
                again.append(item)
        # Alone: what the machine's load or a neighbour had a part in is not so twice.
        for item, reply in self._replies(self._read(sorted(again, key=_by_exercise)), place.executor, 1, 1):
            self._save(item, reply, settled=True)

    def _save(self, item: Handed, reply: Reply, *, settled: bool) -> None:
        self.store.save(Stored(reply, item.digest, settled))
        if settled:
            self.on_result(reply)

    def _new(self, handed: Iterable[Handed], again: list[Handed]) -> Iterator[Handed]:
        done = self.store.done()
        for item in handed:
            digest, settled = done.get(item.key, ("", False))
            if digest != item.digest:
                yield item
            elif settled:
                stored = self.store.get(item.key)
                assert stored is not None
                self.on_result(stored.reply)
            else:
                again.append(item)

    def _read(self, handed: Iterable[Handed]) -> Iterator[tuple[Handed, Job]]:
        for item in handed:
            try:
                job = item.job()
            except Gone as why:
                self._save(item, Reply(*item.key, fault=str(why)), settled=True)
            else:
                yield item, job

    def _replies(
        self, jobs: Iterable[tuple[Handed, Job]], executor: Executor, most: int, size: int
    ) -> Iterator[tuple[Handed, Reply]]:
        """Have *jobs* graded, at most *most* tasks of *size* at once, and yield each reply as it comes."""
        tasks = _tasks(jobs, size)
        running: dict[Future[list[Reply]], list[tuple[Handed, Job]]] = {}
        try:
            while True:
                while len(running) < most and (task := next(tasks, None)):
                    running[executor.submit(grade_jobs, self.settings, [job for _, job in task])] = task
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    done = running.pop(future)
                    replies = _replies_of(future, [job for _, job in done])
                    for (item, _), reply in zip(done, replies, strict=True):
                        yield item, reply
        finally:
            for future in running:
                future.cancel()


def _by_exercise(item: Handed) -> tuple[str, str]:
    student, exercise = item.key
    return exercise, student


def _tasks(jobs: Iterable[tuple[Handed, Job]], size: int) -> Iterator[list[tuple[Handed, Job]]]:
    """Yield *jobs* in lists of one exercise each, so that a judge is not started for a single one."""
    task: list[tuple[Handed, Job]] = []
    for item, job in jobs:
        if task and (len(task) == size or task[0][1].exercise != job.exercise):
            yield task
            task = []
        task.append((item, job))
    if task:
        yield task


def _replies_of(future: Future[list[Reply]], jobs: Sequence[Job]) -> list[Reply]:
    # A worker that died with its task is our trouble: each of its jobs is tried again.
    try:
        return future.result()
    except Exception as error:  # noqa: BLE001 - the executors' own errors have no class in common
        why = f"the worker was lost: {type(error).__name__}: {error}".splitlines()[0]
        return [Reply(job.student, job.exercise, fault=why[:300]) for job in jobs]
