"""What `onedelay watch` reads and writes beside the file that it judges: progress, backups, hints, solutions.

Each errand waits for a disk, and returns what there is to tell of it. They know neither keys nor a screen.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from grader.complaint import Complaint
from grader.exercise import Exercise
from grader.learning import hints, solutions
from grader.learning.progress import RESET, NotSavedError
from grader.learning.watch.events import Event, Noted, Opened, Told
from grader.learning.watch.saves import look
from grader.learning.watch.state import Compared
from grader.learning.workspace import Workspace, fresh_stub, put_back


def note(workspace: Workspace, exercise: str, what: str, number: int = 0) -> list[Event]:
    """Note an event in the progress; tell it as it is then."""
    progress, unsaved = workspace.progress, ""
    if not workspace.ours.is_dir():  # else writing would make the folder anew, beside the one that was renamed
        return [Noted(progress.read(), f"progress is not saved: {workspace.root} is not here any more")]
    try:
        progress.note(exercise, what, number)
    except NotSavedError as error:
        unsaved = str(error)
    return [Noted(progress.read(), unsaved, "; ".join(progress.told))]


def reset(workspace: Workspace, exercise: Exercise) -> list[Event]:
    """Put the exercise's file back as it was given."""
    try:
        kept = put_back(workspace, exercise)
    except Complaint as why:
        return [Told(str(why))]
    noted = note(workspace, exercise.name, RESET)
    return [*noted, Told("as it was given" + ("" if kept is None else "; yours is in .onedelay/backups/"))]


def compare(exercise: Exercise, way: int) -> Event:
    """Lay the learner's file beside one of our answers."""
    try:
        known = solutions.ways(exercise)
        theirs = exercise.stub.read_text("utf-8", "replace")
    except Complaint as why:
        return Told(str(why))
    except OSError as error:
        return Told(f"{exercise.stub.name} cannot be read: {error.strerror}")
    names = tuple(known)
    return Compared(names, way, tuple(solutions.beside(theirs, known[names[way]])))


def hints_for(exercise: Exercise) -> Event:
    """Read the exercise's hints; it has none where they cannot be read."""
    try:
        return Opened(exercise.name, tuple(hints.hints(exercise)))
    except OSError:
        return Opened(exercise.name, ())


def contents(exercise: Exercise) -> Mapping[str, bytes] | str:
    """Return the learner's files of *exercise*, or why there is nothing to judge."""
    files, trouble = look(exercise)
    if files is None:
        return trouble
    with contextlib.suppress(Complaint):
        if list(files.values()) == [fresh_stub(exercise)]:
            return "not started"  # which judging would only confirm
    return files
