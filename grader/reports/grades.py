"""A class's marks as CSV, one row for each student; it knows no other table's columns.

A mark that is not known, since the grader failed, is blank: a blank is not a zero. Text that a spreadsheet would run
as a formula is given an apostrophe first.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from grader.classbook import Classbook, Graded, Student
from grader.reports import harmless

# What a spreadsheet takes for a formula, in ASCII and in the full-width forms that some of them accept.
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - meant
_NAMES: Final = 200


def render(book: Classbook) -> Iterator[str]:
    """Yield ``grades.csv`` row by row: who, points per exercise, their sum, then outcomes per exercise."""
    exercises = [assignment.exercise for assignment in book.assignments]
    yield row(["key", "name", "email", *exercises, "total", "points", *(f"{name} outcome" for name in exercises)])
    for student, items in groupby(book.graded, key=lambda item: item.student):
        yield _student(student, list(items), book.points)


def _student(student: Student, items: Sequence[Graded], points: float) -> str:
    marks = [item.earned for item in items]
    who = (student.key, student.name, student.email)
    return row([
        *who, *map(mark, marks), mark(None if None in marks else sum(filter(None, marks))), mark(points),
        *(item.outcome for item in items),
    ])  # fmt: skip


def mark(points: float | None) -> str:
    """Return points as a spreadsheet reads them, a point before the decimals; nothing for what is not known."""
    return "" if points is None else f"{round(points, 4):g}"


def cell(text: str) -> str:
    """Return *text* as one line that no spreadsheet runs."""
    shown = harmless.line(text, _NAMES)
    return f"'{shown}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else shown


def row(cells: Iterable[str]) -> str:
    """Return one row of CSV, quoted where it must be, each cell made safe."""
    out = io.StringIO()
    csv.writer(out).writerow([cell(text) for text in cells])
    return out.getvalue()
