"""A learner's file beside ours, and what differs. It reads texts, and knows neither progress nor a terminal."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from grader.complaint import Complaint
from grader.exercise import Exercise
from grader.shipped import files_in, solution_files


class Pair(NamedTuple):
    """A line of theirs beside one of ours: None where there is none. same: whether both are the same."""

    theirs: str | None
    ours: str | None
    same: bool


def ways(exercise: Exercise) -> dict[str, str]:
    """Return the right answers to *exercise* that we have, name -> text: first ours, then others that are accepted.

    `Complaint` where solutions are not part of this installation.
    """
    beside = exercise.solutions
    files = files_in(beside) if beside.is_dir() else solution_files(exercise.name)
    reference = exercise.stub.name
    if files is None or reference not in files:
        raise Complaint(f"the solution of {exercise.name} is not part of this installation")
    found = {exercise.slug: files.pop(reference).decode("utf-8")}
    for path, content in sorted(files.items()):
        place = PurePosixPath(path)
        if place.parent.name == "accepted" and place.suffix == ".py":
            found[place.stem] = content.decode("utf-8", "replace")
    return found


def beside(theirs: str, ours: str) -> list[Pair]:
    """Return both texts line by line, what is the same on the same height; long stretches of it are left in."""
    left, right = theirs.splitlines(), ours.splitlines()
    pairs: list[Pair] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        pairs += _rows(left[a:b], right[c:d], same=kind == "equal")
    return pairs


def _rows(left: list[str], right: list[str], *, same: bool) -> Iterator[Pair]:
    for place in range(max(len(left), len(right))):
        theirs = left[place] if place < len(left) else None
        ours = right[place] if place < len(right) else None
        yield Pair(theirs, ours, same)
