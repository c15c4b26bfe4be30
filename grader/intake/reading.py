"""Reads a class: what is in SUBMISSIONS, whose it is, and what is graded of it. It knows no judge, and never writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from grader.exercise import Exercise
from grader.intake.catalogue import Catalogue
from grader.intake.choosing import Chooser
from grader.intake.handins import Collector
from grader.intake.model import Intake, IntakeError, Problem, UnreadableError
from grader.intake.names import printable
from grader.intake.people import People
from grader.intake.rooms import Folder, Room, archive_end, open_archive, open_file
from grader.intake.roster import Roster


def read_class(folder: Path, exercises: Sequence[Exercise], roster: Roster | None = None) -> Intake:
    """Find the submissions of *exercises* in *folder*, which may be an archive too; see `grader.intake`.

    `IntakeError` when there is nothing, or it cannot be read at all; all else is a `Problem`, and the rest is read.
    """
    shown = printable(str(folder))
    catalogue = Catalogue(tuple(sorted(exercises, key=lambda exercise: exercise.name)))
    collector = Collector(catalogue)
    try:
        collector.collect(_opened(folder))
    except UnreadableError as error:
        raise IntakeError(f"{shown}: {error}") from error
    if not collector.handins:
        seen = f": {collector.problems[0]}" if collector.problems else ""
        raise IntakeError(f"{shown}: there are no submissions in it{seen}")
    people = People(roster)
    people.add(collector.handins)
    chooser = Chooser(catalogue)
    persons = sorted(people.by_key.values(), key=lambda person: person.student)
    for person in persons:
        chooser.choose(person)
        person.handins.clear()  # what is not graded need not be kept
    told = [Problem("roster", text) for text in (roster.problems if roster is not None else ())]
    return Intake(
        students=tuple(person.student for person in persons),
        submitted=tuple(chooser.submitted),
        problems=tuple(map(_shown, (*told, *collector.problems, *people.problems, *chooser.problems))),
    )


def _shown(problem: Problem) -> Problem:
    # Whatever names came into it, it is one line and safe to print.
    return replace(problem, source=printable(problem.source), text=printable(problem.text, 600))


def _opened(folder: Path) -> Room:
    if folder.is_dir():
        return Folder(folder)
    if not folder.exists():
        raise UnreadableError("there is no such folder or archive")
    if archive_end(folder.name) is None:
        raise UnreadableError("is neither a folder nor a .zip or .tar archive of submissions")
    return open_archive(folder.name, folder.name, lambda: open_file(folder.resolve()), whole_class=True)
