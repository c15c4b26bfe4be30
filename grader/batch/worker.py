"""Grades a few jobs where it is called: in a thread here, or in a worker of a cluster. It knows no student's progress.

Nothing of a learner's runs in the calling process: each thread keeps a judge in a process of its own, and the judge
keeps candidates in theirs.
"""

from __future__ import annotations

import atexit
import contextlib
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from grader.batch.job import Job, Reply, Settings
from grader.batch.server import Server, ServerFault
from grader.exercise import Exercise
from grader.judge.isolation.level import CannotIsolateError, Level
from grader.judge.isolation.probe import Measured, measure

_SERVERS: dict[int, Server] = {}  # by thread
_LOCK = threading.Lock()


def grade_jobs(settings: Settings, jobs: Sequence[Job]) -> list[Reply]:
    """Return a reply for each of *jobs*; a judge that fails is ours to answer for, and the next job gets a new one."""
    return [_grade(settings, job) for job in jobs]


@lru_cache
def measured_here(wanted: Level) -> Measured:
    """Return what isolation this machine gives, tried once in each process; `CannotIsolateError`."""
    return measure(wanted)


def close_servers() -> None:
    """End the judges of this process."""
    with _LOCK:
        servers = list(_SERVERS.values())
        _SERVERS.clear()
    for server in servers:
        server.close()


atexit.register(close_servers)


def _grade(settings: Settings, job: Job) -> Reply:
    exercise = Exercise(settings.root / "exercises" / job.exercise)
    try:
        level = _isolated(Level.parse(settings.isolation))
        return replace(_server(exercise, settings).grade(job), isolation=level.name)
    except (ServerFault, CannotIsolateError, OSError) as fault:
        _drop()
        return Reply(job.student, job.exercise, fault=str(fault))


def _isolated(wanted: Level) -> Level:
    # Asked here too: a worker may run on another machine than whoever sent the job.
    level = measured_here(wanted).level
    if level < wanted:
        raise CannotIsolateError(f"isolation {wanted.word} was asked for, and this worker gives {level.word}")
    return level


def _server(exercise: Exercise, settings: Settings) -> Server:
    server = _SERVERS.get(threading.get_ident())
    if server is None or (server.exercise, server.settings) != (exercise, settings):
        _drop()
        server = Server(exercise, settings)
        with _LOCK:
            _SERVERS[threading.get_ident()] = server
    return server


def _drop() -> None:
    with _LOCK:
        server = _SERVERS.pop(threading.get_ident(), None)
    if server is not None:
        with contextlib.suppress(OSError):
            server.close()
