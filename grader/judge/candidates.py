"""Keeps candidate processes ready and uses each for as long as it behaves. It knows no check."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from grader.exercise import imports_of
from grader.judge.child import Child
from grader.judge.isolation.level import CannotIsolateError, Level, Limits
from grader.judge.process import ChildProcess, start_zygote
from grader.judge.zygote import Zygote, ZygoteDied, can_fork

_ATTEMPTS: Final = 2


class Candidates:
    """The candidates of one run. A process serves one submission on one clock, check after check.

    Above `Level.NONE` every candidate is kept apart as the level says, or `CannotIsolateError` is raised: there is
    never less than was asked for.
    """

    def __init__(
        self, isolation: Level = Level.NONE, limits: Limits | None = None, *, hidden: Sequence[Path] = ()
    ) -> None:
        """Make the candidates of a run; *hidden*: folders that none of them may see, wherever they are."""
        self._isolation = isolation
        self._limits = limits or Limits()
        self._hidden = hidden
        self._cells: Any = None  # `Cells`, which only those pay for that are kept apart
        self._idle: dict[tuple[Path, bool], Child] = {}
        self._modules: Sequence[str] | None = None
        self._started: weakref.WeakSet[ChildProcess] = weakref.WeakSet()
        self._whole: set[Path] = set()
        self._zygotes: dict[bool, Zygote] = {}

    @property
    def isolation(self) -> Level:
        """How well the candidates are kept apart."""
        return self._isolation

    def expect_many(self, modules: Sequence[str]) -> None:
        """Fork candidates from warm processes that have imported *modules*, where the system can."""
        if can_fork() and not (self._modules is not None and set(modules) <= set(self._modules)):
            self._cool_down()  # those that know less
            self._modules = modules

    def take_whole(self, folder: Path) -> None:
        """Take all of *folder* for one submission: who is kept apart sees it, and otherwise the one file only."""
        self._whole.add(folder)

    def shared_folder(self, submission: Path) -> Path | None:
        """Return a fresh folder that the judge and the candidates of *submission* may use; None: any will do."""
        if self._isolation < Level.STRONG:
            return None
        place = self._opened_cells().place(submission, whole_folder=submission.parent in self._whole)
        folder: Path = place.new_folder()
        return folder

    def place_of(self, submission: Path) -> Path | None:
        """Return the folder of the copies of *submission*, for candidates that read such; None on a lower level."""
        if self._isolation is Level.NONE:
            return None
        folder: Path = self._opened_cells().place(submission, whole_folder=False).copies / "submission"
        return folder

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
        if self._cells is not None:
            self._cells.release()
        self._whole.clear()

    def close(self) -> None:
        """End every process."""
        self.release()
        self._cool_down()
        if self._cells is not None:
            self._cells.close()
            self._cells = None

    def abandon(self) -> None:
        """End every process at once, those too that somebody has taken; nothing can be used afterwards."""
        started = list(self._started)
        for child in started:
            child.kill()
        for child in started:
            child.close()
        self._idle.clear()
        self.close()

    def _cool_down(self) -> None:
        zygotes, self._zygotes = list(self._zygotes.values()), {}
        if zygotes:
            self.release()
        for zygote in zygotes:
            zygote.close()

    def _start(self, submission: Path, *, virtual: bool) -> ChildProcess:
        child = self._started_for(submission, virtual=virtual)
        self._started.add(child)
        return child

    def _started_for(self, submission: Path, *, virtual: bool) -> ChildProcess:
        preload = imports_of(submission) if submission.is_file() else ()
        if self._isolation is not Level.NONE:
            return self._start_apart(submission, preload, virtual=virtual)
        if self._modules is not None:
            try:
                zygote = self._zygote(virtual=virtual)
                return ChildProcess(submission.parent, virtual=virtual, preload=preload, zygote=zygote)
            except ZygoteDied:
                self._modules = None
        return ChildProcess(submission.parent, virtual=virtual, preload=preload)

    def _start_apart(self, submission: Path, preload: Sequence[str], *, virtual: bool) -> ChildProcess:
        cells, why = self._opened_cells(), ""
        for _ in range(_ATTEMPTS):
            try:
                zygote = self._zygote(virtual=virtual)
                cell = cells.new(submission, whole_folder=submission.parent in self._whole)
                return ChildProcess(submission.parent, virtual=virtual, preload=preload, zygote=zygote, cell=cell)
            except ZygoteDied as death:
                why = str(death)
                self._zygotes.pop(virtual).close()
        raise CannotIsolateError(f"isolation {self._isolation.word} cannot be had on this machine: {why}")

    def _opened_cells(self) -> Any:
        if self._cells is None:
            if not can_fork():
                raise CannotIsolateError(f"isolation {self._isolation.word} needs Linux 5.4 or newer")
            from grader.judge.isolation.cells import Cells  # noqa: PLC0415 - not on every system

            self._cells = Cells(self._isolation, self._limits, self._hidden)
        return self._cells

    def _zygote(self, *, virtual: bool) -> Zygote:
        if virtual not in self._zygotes:
            before = self._cells.command() if self._cells is not None else ()
            self._zygotes[virtual] = start_zygote(self._modules or (), virtual=virtual, before=before)
        return self._zygotes[virtual]
