"""Turns what a learner types, ``exercises/03`` or ``03``, into an exercise. It knows pytest's node ids, not pytest."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from grader.complaint import Complaint
from grader.exercise import HIDDEN, Exercise, exercises_in, matches
from grader.shipped import solution_files

_NAMED: Final = 6  # so many exercises fit a message


class UnknownExerciseError(Complaint, ValueError):
    """No exercise, or more than one, has the prefix; the message says which there are."""


def expand(arg: str) -> str:
    """Return *arg* with a number or prefix replaced by the exercise's folder; other arguments as they are.

    `UnknownExerciseError` when the folder before it holds exercises and none, or several, match.
    """
    text, colons, node = arg.partition("::")
    path = Path(text)
    if path.exists():
        return arg
    folder = Path(path.anchor) if path.anchor else Path()
    parts = path.parts[1:] if path.anchor else path.parts
    for place, part in enumerate(parts):
        if (folder / part).exists():
            folder /= part
            continue
        if not exercises_in(folder):
            return arg
        exercise = _the_one(folder, part)
        rest = parts[place + 1 :]
        found = exercise.folder.joinpath(*rest)
        if colons and not rest:
            found = exercise.test
        return f"{found}{colons}{node}"
    return arg


def exercises_here() -> Path:
    """Return the folder ``exercises`` of the current folder or of the nearest one above it; `Complaint`."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        if exercises_in(folder / "exercises"):
            return folder / "exercises"
    raise Complaint("no exercises here: go to the folder that holds exercises/, or make one with `onedelay start`")


def exercise_called(name: str, folder: Path) -> Exercise:
    """Return the exercise in *folder* whose number, name or unambiguous prefix is *name*; `UnknownExerciseError`."""
    return Exercise(Path(expand(str(folder / Path(name).name))))


def expect_solutions(exercises: Iterable[Exercise], command: str) -> None:
    """Raise a `Complaint` when the solution of one of *exercises*, which *command* needs, is not beside it."""
    for exercise in exercises:
        if not (exercise.solutions / exercise.stub.name).is_file():
            if solution_files(exercise.name) is None:
                way = "it is not part of this installation either"
            else:
                way = "`onedelay start DIR --with-solutions` makes a folder with all of them"
            raise Complaint(f"{command} needs the solution of {exercise.name}, which is not here: {way}")


def without_hidden(exercises: Iterable[Exercise]) -> str:
    """Return a line about hidden checks that came with this installation and are not beside *exercises*, or nothing."""
    names = [e.name for e in exercises if e.hidden is None and HIDDEN in (solution_files(e.name) or ())]
    if not names:
        return ""
    return (
        f"not judged, as they are not in this folder: hidden checks of {', '.join(names)}; "
        "`onedelay start DIR --with-solutions` makes a folder that has them"
    )


def _the_one(folder: Path, prefix: str) -> Exercise:
    found = matches(folder, prefix)
    if len(found) == 1:
        return found[0]
    every = exercises_in(folder)
    near = difflib.get_close_matches(prefix, [e.slug for e in every], 3, 0.5)
    candidates = found or [e for e in every if e.slug in near] or every
    names = ", ".join(exercise.name for exercise in candidates[:_NAMED])
    if len(candidates) > _NAMED:
        names = f"the {len(candidates)} that `onedelay list` names"
    what = "is more than one exercise" if found else "is no exercise"
    raise UnknownExerciseError(f"{_shown(folder / prefix)} {what}; choose from {names}")


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
