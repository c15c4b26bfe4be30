"""Keeps candidate processes ready and uses each for as long as it behaves. It knows no check."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.exercise import imports_of
from grader.judge.process import Child, ChildProcess, start_zygote
from grader.judge.zygote import Zygote, ZygoteDied, can_fork


class Candidates:
    """The candidates of one run. A process serves one submission on one clock, check after check."""

    def __init__(self) -> None:
        self._idle: dict[tuple[Path, bool], Child] = {}
        self._modules: Sequence[str] | None = None
        self._zygotes: dict[bool, Zygote] = {}

    def expect_many(self, modules: Sequence[str]) -> None:
        """Fork candidates from warm processes that have imported *modules*, where the system can."""
        if can_fork():
            self._modules = modules

    def prepare(self, submission: Path, *, virtual: bool) -> None:
        """Start a process for *submission* now, so that it is warm when it is taken."""
        key = (submission, virtual)
        if key not in self._idle:
            self._idle[key] = self._start(submission, virtual=virtual)

    def take(self, submission: Path, *, virtual: bool) -> Child:
        """Return a process for *submission*; the caller gives it back or discards it."""
        child = self._idle.pop((submission, virtual), None)
        return child or self._start(submission, virtual=virtual)

    def give_back(self, submission: Path, child: Child) -> None:
        """Keep a process that behaved, for the next check."""
        self._idle[submission, child.virtual] = child

    @staticmethod
    def discard(child: Child) -> None:
        """End a process that cannot be used again."""
        child.kill()
        child.close()

    def release(self) -> None:
        """End the processes of the submissions so far."""
        children, self._idle = list(self._idle.values()), {}
        for child in children:
            child.hang_up()
        for child in children:
            child.close()

    def close(self) -> None:
        """End every process."""
        self.release()
        zygotes, self._zygotes = list(self._zygotes.values()), {}
        for zygote in zygotes:
            zygote.close()

    def _start(self, submission: Path, *, virtual: bool) -> ChildProcess:
        preload = imports_of(submission) if submission.is_file() else ()
        if self._modules is not None:
            try:
                if virtual not in self._zygotes:
                    self._zygotes[virtual] = start_zygote(self._modules, virtual=virtual)
                return ChildProcess(submission.parent, virtual=virtual, preload=preload, zygote=self._zygotes[virtual])
            except ZygoteDied:
                self._modules = None
        return ChildProcess(submission.parent, virtual=virtual, preload=preload)
