"""Grades one student's folder, alone, as a class of one. It knows no platform.

A fault of ours, or a check that was late on the real clock only, is tried once more.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from grader.batch.job import Job, Settings
from grader.batch.worker import grade_jobs
from grader.classbook import Graded, Student
from grader.exercise import Exercise, submitted_file
from grader.intake import limits
from grader.intake.model import UnreadableError, read_pieces
from grader.intake.rooms import Folder


def grade(exercise: Exercise, folder: Path, settings: Settings) -> Graded:
    """Return what the submission in *folder* is worth; nothing is raised for what a student or a judge does wrong."""
    student, begun = Student("submission"), time.monotonic()
    try:
        job = _job(exercise, folder)
    except UnreadableError as error:
        return Graded(student, exercise.name, str(folder), problem=f"what was handed in {error}")
    (reply,) = grade_jobs(settings, [job])
    if reply.unsettled:
        (reply,) = grade_jobs(settings, [job])
    graded = Graded(student, exercise.name, str(folder), reply.verdict, isolation=reply.isolation)
    if reply.verdict is None:
        graded = replace(graded, faulty=True, problem=reply.fault or "the judge gave no verdict")
    return replace(graded, seconds=time.monotonic() - begun)


def _job(exercise: Exercise, folder: Path) -> Job:
    pieces, _ = Folder(folder).tree()
    if len(pieces) > limits.FILES or sum(piece.size for piece in pieces.values()) > limits.SUBMISSION:
        raise UnreadableError(
            f"holds more than {limits.FILES} files or {limits.SUBMISSION // limits.MIB} MiB; "
            f"hand in {exercise.stub.name} alone"
        )
    return Job("submission", exercise.name, _main(exercise, folder, pieces), read_pieces(pieces))


def _main(exercise: Exercise, folder: Path, names: Collection[str]) -> str:
    found = submitted_file(exercise, folder).relative_to(folder).as_posix()
    if found in names:
        return found
    # In a folder of the student's own, or the only file there is, whatever its name.
    called = [name for name in names if name.rpartition("/")[2] == exercise.stub.name]
    python = [name for name in names if name.endswith(".py")]
    return next((some[0] for some in (called, python) if len(some) == 1), exercise.stub.name)
