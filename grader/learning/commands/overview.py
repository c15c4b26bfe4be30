"""The commands on all exercises: ``list``, ``next`` and ``progress``."""

from __future__ import annotations

import argparse
from pathlib import Path

from grader.complaint import Complaint
from grader.exercise import exercises_in
from grader.learning.course import about, upcoming
from grader.learning.progress import Log, NotSavedError, Progress, parse
from grader.learning.showing import achieved, bar, entry
from grader.learning.workspace import workspace_at, workspace_here
from grader.paths import exercises_here
from grader.reports.console import console


def list_exercises(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay list``."""
    parser.add_argument("text", nargs="?", default="", help="those only in whose name or subject this stands")
    parser.set_defaults(run=_list)


def _list(options: argparse.Namespace) -> int:
    folder, out = exercises_here(), console()
    log = _log_of(folder)
    rows = []
    for exercise in exercises_in(folder):
        subject = about(exercise)
        if options.text.lower() in f"{exercise.name} {subject}".lower():
            standing = log.standing(exercise.name)
            rows.append(entry(exercise.number, exercise.slug, subject, standing, (out.width, out.signs)))
    if not rows:
        raise Complaint(f"no exercise has {options.text!r} in its name or subject")
    out.write(rows)
    return 0


def next_exercise(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay next``."""
    parser.set_defaults(run=_next)


def _next(_: argparse.Namespace) -> int:
    workspace = workspace_here()
    found = upcoming(workspace.exercises, workspace.progress.read())
    if found is None:
        print(f"All {len(workspace.exercises)} exercises are done.")
        return 0
    folder = found.folder.relative_to(workspace.root).as_posix()
    console().tell(f"{found.number} {found.slug}: {about(found)}")
    print(f"Read {folder}/README.md")
    print(f"Edit {folder}/{found.stub.name}")
    print(f"Then onedelay check {found.number}")
    return 0


def progress(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay progress``."""
    parser.add_argument("--merge", type=Path, metavar="FILE", help="add what is in another machine's progress.txt")
    parser.set_defaults(run=_progress)


def _progress(options: argparse.Namespace) -> int:
    workspace = workspace_here()
    mine, exercises = workspace.progress, workspace.exercises
    if options.merge is not None:
        _merge(mine, options.merge)
    log, out = mine.read(), console()
    standings = {exercise: log.standing(exercise.name) for exercise in exercises}
    out.say(bar(sum(bool(standing.passed) for standing in standings.values()), len(exercises), out.signs), "strong")
    for exercise, standing in standings.items():
        if standing.tried or standing.skipped or standing.hints or standing.revealed:
            out.write(achieved(exercise.number, exercise.slug, standing, (out.width, out.signs)))
    for line in mine.told:
        out.tell(line)
    if log.damage and not mine.told:
        out.tell(f"{len(log.damage)} lines of {mine.file.name} are unreadable; what could be was taken from its copy.")
    found = upcoming(exercises, log)
    print("All are done." if found is None else f"Next: {found.number} {found.slug}")
    return 0


def _merge(mine: Progress, file: Path) -> None:
    try:
        theirs = parse(file.read_text("utf-8", "replace"))
    except OSError as error:
        raise Complaint(f"{file} cannot be read: {error.strerror}") from None
    if not theirs.events:
        raise Complaint(f"{file} holds no progress")
    try:
        added = mine.add(theirs.events)
    except NotSavedError as error:
        raise Complaint(str(error)) from None
    print(f"{added} of {len(theirs.events)} events were new here.")


def _log_of(folder: Path) -> Log:
    workspace = workspace_at(folder.parent)
    return Log() if workspace is None else workspace.progress.read()
