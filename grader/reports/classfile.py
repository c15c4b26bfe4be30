"""A graded class as JSON, for programs; it knows no file. The schema is `docs/class.schema.json`.

It is the instructor's: hidden checks are in it with their details.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from grader.classbook import Classbook, Graded, Student
from grader.reports import data
from grader.ticks import to_seconds
from grader.timeline import Picture, peak
from grader.verdict import ExerciseVerdict

FORMAT: Final = "onedelay/class/v1"


def render(book: Classbook) -> Iterator[str]:
    """Yield the document in pieces, one for each student: a class of thousands is never held as a whole."""
    head = {
        "format": FORMAT,
        "title": book.title,
        "date": book.date,
        "clock": book.clock,
        "seed": book.seed,
        "isolation": book.isolation,
        "assignments": [
            {"exercise": a.exercise, "title": a.title, "points": a.points} for a in book.assignments
        ],
        "similar": [
            {
                "exercise": group.exercise,
                "students": [student.key for student in group.students],
                "ratio": group.ratio,
                "verbatim": group.verbatim,
                "usual": group.usual,
            }
            for group in book.similar
        ],
        "problems": list(book.problems),
    }  # fmt: skip
    yield f'{_text(head)[:-1]}, "students": ['
    lead = "\n"
    for student, items in groupby(book.graded, key=lambda item: item.student):
        yield f"{lead}{_text(_student(student, list(items)))}"
        lead = ",\n"
    yield "\n]}\n"


def _text(value: Any) -> str:
    # ASCII: what learners write may hold lone surrogates, which are no UTF-8.
    return json.dumps(value, ensure_ascii=True, allow_nan=False)


def _student(student: Student, items: list[Graded]) -> dict[str, Any]:
    return {
        "key": student.key,
        "name": student.name or None,
        "email": student.email or None,
        "results": [_result(item) for item in items],
    }


def _result(item: Graded) -> dict[str, Any]:
    return {
        "exercise": item.exercise,
        "outcome": item.outcome,
        "earned": item.earned,
        "source": item.source or None,
        "problem": item.problem or None,
        "isolation": item.isolation or None,
        "seconds": round(item.seconds, 6),
        "verdict": None if item.verdict is None else _verdict(item.verdict),
    }


def _verdict(verdict: ExerciseVerdict) -> dict[str, Any]:
    # A timeline of thousands of operations would fill the file: their number and their peak say what happened.
    record = data.record(replace(verdict, checks=tuple(replace(check, picture=None) for check in verdict.checks)))
    for written, check in zip(record["checks"], verdict.checks, strict=True):
        written["hidden"] = check.hidden
        del written["prediction"]  # it tells the answer, to whoever gets the file
        written["timeline"] = None if check.picture is None else _timeline(check.picture)
    return record


def _timeline(picture: Picture) -> dict[str, Any]:
    return {
        "delay": to_seconds(picture.delay),
        "elapsed": to_seconds(picture.end - picture.start),
        "operations": len(picture.yours),
        "at_once": peak(picture.yours, picture.end),
        "ideally_at_once": peak(picture.ideal, picture.end),
    }
