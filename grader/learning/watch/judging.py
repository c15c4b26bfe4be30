"""Judges files in a thread, with judges that are kept warm, one thing at a time; it can be ended at any moment.

It tells what came of it, and knows neither keys nor a screen.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from grader.batch.job import Job, Reply, Settings
from grader.batch.server import NoChecks, Server, ServerFault
from grader.exercise import Exercise
from grader.learning.watch.events import Checked, CheckedAll, Judged
from grader.learning.watch.state import DECISIVE, FOR_REAL, NOT_STARTED, Result
from grader.verdict import ERROR, FAIL, PASS, ExerciseVerdict

LIMIT: Final = 10.0  # real seconds for a check
# Seconds in which an answer that a new save makes useless may still come: starting anew takes longer.
_PATIENCE: Final = 0.3
_STARTING: Final = 5.0  # seconds in which a judge that has just been started gets ready, so that it can end in order

Told = Judged | Checked | CheckedAll
Contents = Callable[[Exercise], Mapping[str, bytes] | str]  # an exercise's files, or why there is nothing to judge


class _Order:
    """Something to do. stopped: nobody wants the answer any more; ended: the judge was told to end."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.ended = threading.Event()


@dataclass(eq=False)
class _Single(_Order):
    exercise: Exercise
    files: Mapping[str, bytes]
    clock: str

    def __post_init__(self) -> None:
        super().__init__()


@dataclass(eq=False)
class _All(_Order):
    exercises: list[Exercise]
    contents: Contents

    def __post_init__(self) -> None:
        super().__init__()


class Judges:
    """The judges of one workspace, in the folder *root*. *tell* is called in their thread, for what is still wanted."""

    def __init__(self, root: Path, tell: Callable[[Told], None]) -> None:
        self._root = root
        self._tell = tell
        self._seed = secrets.randbits(48)
        self._servers: dict[tuple[Exercise, str], Server] = {}
        self._kept: set[Exercise] = set()
        self._wanted: _Order | None = None
        self._order: _Order | None = None  # being done
        self._busy: Server | None = None
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="judges", daemon=True)
        self._thread.start()

    # -- for the others, who never wait --------------------------------------------------------------------

    def judge(self, exercise: Exercise, files: Mapping[str, bytes], clock: str) -> None:
        """Judge *files*, instead of whatever is being judged."""
        self._want(_Single(exercise, files, clock), _PATIENCE)

    def check_all(self, exercises: Iterable[Exercise], contents: Contents) -> None:
        """Judge the *contents* of all *exercises*, one after another."""
        self._want(_All(list(exercises), contents), 0.0)

    def stop(self) -> None:
        """End what is being judged; nothing more is told of it."""
        self._want(None, 0.0)

    def warm(self, exercise: Exercise) -> None:
        """Have a judge ready for *exercise* by the time that it is needed."""
        with contextlib.suppress(OSError, ServerFault):  # whoever needs it will learn why not
            self._server(exercise, DECISIVE)

    def keep(self, exercises: Iterable[Exercise]) -> None:
        """Let go of the judges of all but these *exercises*, when nothing is being judged."""
        with self._changed:
            self._kept = set(exercises)
            self._changed.notify()

    def close(self) -> None:
        """End every judge, and wait until none is left."""
        with self._changed:
            self._closing = True
        self.stop()
        self._thread.join()
        while self._servers:
            _, server = self._servers.popitem()
            _end(server)

    # -- the thread ----------------------------------------------------------------------------------------

    def _want(self, order: _Order | None, patience: float) -> None:
        with self._changed:
            self._wanted = order
            present = self._order
            if present is not None:
                present.stopped.set()
            self._changed.notify()
        if present is not None:
            ender = threading.Timer(patience, self._interrupt, [present])
            ender.daemon = True
            ender.start()

    def _interrupt(self, order: _Order) -> None:
        with self._changed:
            server = self._busy if self._order is order else None
        if server is not None:
            order.ended.set()
            server.stop()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not (self._closing or self._wanted or self._unneeded()):
                    self._changed.wait()
                if self._closing:
                    return
                order = self._order = self._wanted
                self._wanted = None
            if isinstance(order, _Single):
                self._single(order)
            elif isinstance(order, _All):
                self._all(order)
            self._clear_out()
            with self._changed:
                self._order = None

    def _single(self, order: _Single) -> None:
        name = order.exercise.name
        try:
            verdict = self._whole(order, self._reply(order, order.exercise, order.files, order.clock).verdict)
            told = Judged(name, order.clock, verdict, "" if verdict is not None else "the judge told no verdict")
        except NoChecks as why:
            told = Judged(name, order.clock, left_out=str(why).removeprefix(f"{name}: "))
        except (ServerFault, OSError) as fault:
            told = Judged(name, order.clock, fault=str(fault))
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is ours, and the next save is judged
            told = Judged(name, order.clock, fault=repr(fault))
        if not order.stopped.is_set():
            self._tell(told)

    def _whole(self, order: _Single, verdict: ExerciseVerdict | None) -> ExerciseVerdict | None:
        """Return a failing *verdict* as one of the whole exercise, with what its confirmations would earn."""
        if verdict is None or verdict.outcome != FAIL:
            return verdict
        count, points = self._server(order.exercise, order.clock).left_out()
        checks = [replace(check, checks=check.checks + count, total=check.total + points) for check in verdict.checks]
        return replace(verdict, checks=tuple(checks))

    def _all(self, order: _All) -> None:
        for exercise, following in zip(order.exercises, [*order.exercises[1:], None], strict=True):
            if order.stopped.is_set():
                return
            result = self._result(order, exercise, following)
            self._let_go(exercise)
            if not order.stopped.is_set():
                self._tell(Checked(result))
        self._tell(CheckedAll())

    def _result(self, order: _All, exercise: Exercise, following: Exercise | None) -> Result:
        files = order.contents(exercise)
        if isinstance(files, str):
            return Result(exercise.name, files if files == "not started" else "not judged", files)
        try:
            self._server(exercise, FOR_REAL)
            if following is not None and not isinstance(order.contents(following), str):
                self._server(following, FOR_REAL)  # it starts while this one judges
            verdict = self._reply(order, exercise, files, FOR_REAL).verdict
        except NoChecks:
            return Result(exercise.name, "left out", "left out on this machine")
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is ours, and the others are judged
            return Result(exercise.name, "fault", f"the grader failed, not you: {fault}")
        diagnosis = None if verdict is None or verdict.cause is None else verdict.cause.diagnosis
        if verdict is None or verdict.outcome == ERROR:
            return Result(exercise.name, "fault", "the grader failed, not you")
        if diagnosis is not None and diagnosis.code == NOT_STARTED:
            return Result(exercise.name, "not started")
        what = {PASS: "right", FAIL: "wrong"}.get(verdict.outcome, "not judged")
        return Result(exercise.name, what, "" if diagnosis is None else diagnosis.title)

    def _reply(self, order: _Order, exercise: Exercise, files: Mapping[str, bytes], clock: str) -> Reply:
        """Return what a judge says; one that has died since it was last needed is replaced."""
        job = Job("learner", exercise.name, exercise.stub.name, files)
        for is_last in (False, True):
            server = self._server(exercise, clock)
            with self._changed:
                self._busy = server
            if order.stopped.is_set():
                raise ServerFault("stopped")
            try:
                reply = server.grade(job, drawn=True)
            except NoChecks:
                raise
            except (ServerFault, OSError):
                self._drop(exercise, clock)
                if is_last or order.stopped.is_set():
                    raise
                continue
            finally:
                with self._changed:
                    self._busy = None
            if order.ended.is_set():
                self._drop(exercise, clock)  # it was told to end just after its answer
            return reply
        raise AssertionError

    # -- the judges ----------------------------------------------------------------------------------------

    def _server(self, exercise: Exercise, clock: str) -> Server:
        with self._changed:
            if self._closing:
                raise ServerFault("no more is judged")
            if (exercise, clock) not in self._servers:
                settings = Settings(self._root, clock, "none", LIMIT, self._seed)
                self._servers[exercise, clock] = Server(exercise, settings)
            return self._servers[exercise, clock]

    def _drop(self, exercise: Exercise, clock: str) -> None:
        with self._changed:
            server = self._servers.pop((exercise, clock), None)
        if server is not None:
            server.close()

    def _unneeded(self) -> list[tuple[Exercise, str]]:
        return [key for key in self._servers if self._kept and key[0] not in self._kept]

    def _clear_out(self) -> None:
        with self._changed:
            unneeded = self._unneeded()
        for exercise, clock in unneeded:
            self._drop(exercise, clock)

    def _let_go(self, exercise: Exercise) -> None:
        if exercise not in self._kept:
            self._drop(exercise, FOR_REAL)


def _end(server: Server) -> None:
    # One that is just starting has begun a process already, which only it knows.
    late = threading.Timer(_STARTING, server.stop)
    late.daemon = True
    late.start()
    with contextlib.suppress(ServerFault, OSError):
        server.start()
    late.cancel()
    server.close()
