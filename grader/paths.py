"""Turns what a learner types, ``exercises/03``, into a path that exists. It knows pytest's node ids, not pytest."""

from __future__ import annotations

from pathlib import Path

from grader.exercise import Exercise, exercises_in, matches


class UnknownExerciseError(ValueError):
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


def _the_one(folder: Path, prefix: str) -> Exercise:
    found = matches(folder, prefix)
    if len(found) == 1:
        return found[0]
    candidates = found or exercises_in(folder)
    names = ", ".join(exercise.name for exercise in candidates)
    what = "is more than one exercise" if found else "is no exercise"
    raise UnknownExerciseError(f"{folder / prefix} {what}; choose from {names}")
