"""The exercises as a course: what each is about, and which comes next. It prints nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.complaint import Complaint
from grader.exercise import Exercise
from grader.learning.progress import Log
from grader.learning.workspace import fresh_stub


def about(exercise: Exercise) -> str:
    """Return what *exercise* is about, in a few words: from the first line of its stub as it was given."""
    try:
        text = fresh_stub(exercise).decode("utf-8", "replace")
    except Complaint:  # not one of ours
        return ""
    match = re.match(r'"""\d\d \w+: (.+?)\.?(?:"""|\n)', text)
    return match[1] if match else ""


def upcoming(exercises: Sequence[Exercise], log: Log) -> Exercise | None:
    """Return the first exercise that is not done, one that was skipped only when there is no other."""
    standings = {exercise: log.standing(exercise.name) for exercise in exercises}
    open_ones = [exercise for exercise, standing in standings.items() if not standing.passed]
    return next((e for e in open_ones if not standings[e].skipped), open_ones[0] if open_ones else None)
