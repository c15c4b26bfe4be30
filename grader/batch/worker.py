"""Grades a few jobs where it is called: in a thread here, or in a worker of a cluster. It knows no student's progress.

Nothing of a learner's runs in the calling process: it keeps judges in processes of their own, and they keep candidates
in theirs.
"""

from __future__ import annotations

import atexit
import contextlib
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from grader.batch.job import Job, Reply, Settings
from grader.batch.server import NoChecks, Server, ServerFault
from grader.exercise import Exercise, exercises_in
from grader.judge.isolation.level import CannotIsolateError, Level
from grader.judge.isolation.probe import Measured, measure
from grader.shipped import SOLUTIONS, shipment

_SERVERS: dict[Server, bool] = {}  # the judges of this process -> whether one is idle
_LOCK = threading.Lock()
_MEASURING = threading.Lock()


def grade_jobs(settings: Settings, jobs: Sequence[Job]) -> list[Reply]:
    """Return a reply for each of *jobs*; a judge that fails is ours to answer for, and the next job gets a new one."""
    return [_grade(settings, job) for job in jobs]


def measured_here(wanted: Level, root: Path) -> Measured:
    """Return what isolation this machine gives, tried once in each process; `CannotIsolateError`.

    root: the folder that holds ``exercises/``; nothing of it may be seen.
    """
    with _MEASURING:  # several threads ask at the same time
        return _measured(wanted, root)


@lru_cache
def _measured(wanted: Level, root: Path) -> Measured:
    if wanted == Level.NONE:
        return Measured(wanted, wanted, ())  # there is no level below, so that nothing that is found changes anything
    exercises = exercises_in(root / "exercises")
    files = [file for e in exercises for file in (e.test, e.hidden, e.solutions / e.stub.name) if file is not None]
    came = shipment()
    if came is not None:
        files += [path for path in (*came.rglob("test_*.py"), came / SOLUTIONS) if path.is_file()]
    return measure(wanted, [root / "exercises", root / "solutions", *files])


def warm_up(settings: Settings, exercise: Exercise, count: int) -> None:
    """Start *count* judges of *exercise*, for jobs that are going to come."""
    for _ in range(count):
        with _LOCK:
            _SERVERS[Server(exercise, settings)] = True


def close_servers() -> None:
    """End the judges of this process, also those that are at work."""
    with _LOCK:
        servers = list(_SERVERS)
        _SERVERS.clear()
    for server in servers:
        server.close()


atexit.register(close_servers)


def _grade(settings: Settings, job: Job) -> Reply:
    exercise = Exercise(settings.root / "exercises" / job.exercise)
    server = None
    try:
        level = _isolated(Level.parse(settings.isolation), settings.root)
        server = _take(exercise, settings)
        reply = replace(_for_a_class(server.grade(job)), isolation=level.name)
    except (ServerFault, CannotIsolateError, OSError) as fault:
        reply = Reply(job.student, job.exercise, fault=str(fault))
        if server is not None and not isinstance(fault, NoChecks):
            _drop(server)
    with _LOCK:
        if server in _SERVERS:
            _SERVERS[server] = True
    return reply


def _for_a_class(reply: Reply) -> Reply:
    # What a program really does is for whoever has just predicted it, not for books that are kept and passed on.
    return replace(reply, verdicts=tuple({**verdict, "prediction": None} for verdict in reply.verdicts))


def _isolated(wanted: Level, root: Path) -> Level:
    # Asked here too: a worker may run on another machine than whoever sent the job.
    level = measured_here(wanted, root).level
    if level < wanted:
        raise CannotIsolateError(f"isolation {wanted.word} was asked for, and this worker gives {level.word}")
    return level


def _take(exercise: Exercise, settings: Settings) -> Server:
    """Return an idle judge of *exercise*, or a new one in place of one that is not needed any more."""
    with _LOCK:
        idle = [server for server, is_idle in _SERVERS.items() if is_idle]
        for server in idle:
            if (server.exercise, server.settings) == (exercise, settings):
                _SERVERS[server] = False
                return server
        other = idle[0] if idle else None
        if other is not None:
            del _SERVERS[other]
        new = Server(exercise, settings)
        _SERVERS[new] = False
    if other is not None:
        other.close()
    return new


def _drop(server: Server) -> None:
    with _LOCK:
        _SERVERS.pop(server, None)
    with contextlib.suppress(OSError):
        server.close()
