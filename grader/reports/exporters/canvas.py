"""A class as CSV for the import of Canvas' gradebook.

Canvas finds a student by ``ID``, ``SIS User ID`` or ``SIS Login ID``, and an assignment by the number behind its title.
Both are in the gradebook that Canvas exports: taken as the roster, its assignments keep their columns. A column without
a number is a new assignment, and gets its points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from grader.classbook import Assignment, Classbook, Student
from grader.reports import grades as table
from grader.reports.exporters.gradebook import (
    Export,
    Sheet,
    file_names,
    headings,
    identity_problem,
    repeated,
    roster_field,
    sheets,
    unknown,
)
from grader.reports.exporters.shown import mark
from grader.reports.harmless import line

_IDS: Final = ("ID", "SIS User ID", "SIS Login ID")
_NUMBERED: Final = re.compile(r"(?P<title>.*\S)\s+\((?P<number>\d+)\)")


def grades(book: Classbook) -> Export:
    """Return the files to import; students without an ID and grades that are not known are named, and left out."""
    kept, problems = _identified(book.students)
    columns = _columns(book)
    found = sheets(book, kept)
    texts = [_text(sheet, columns) for sheet in found]
    return Export(dict(zip(file_names("canvas", found), texts, strict=True)), (*problems, *unknown(book)))


def _identified(students: Iterable[Student]) -> tuple[list[Student], list[str]]:
    ids = {student: tuple(roster_field(student, name) for name in _IDS) for student in students}
    twice = [repeated(of[place] for of in ids.values()) for place in range(len(_IDS))]
    kept, problems = [], []
    for student, of in ids.items():
        wrong = next((f"{value!r} {why}" for value in of if (why := identity_problem(value))), "")
        if not any(of):
            wrong = f"the roster has none of {', '.join(_IDS)} for them"
        elif shared := [value for value, seen in zip(of, twice, strict=True) if value in seen]:
            wrong = f"{shared[0]} is also another student's"
        if wrong:
            problems.append(f"{line(student.shown, 80)}: not in the file for Canvas: {line(wrong)}")
        else:
            kept.append(student)
    return kept, problems


def _columns(book: Classbook) -> dict[str, tuple[str, bool]]:
    """Return exercise -> the heading of its column, and whether Canvas knows it already."""
    known: dict[str, str] = {}
    for column in dict.fromkeys(name for student in book.students for name in student.fields):
        if match := _NUMBERED.fullmatch(column.strip()):
            known.setdefault(match["title"].casefold(), column.strip())
    columns = {}
    for assignment in book.assignments:
        heading = headings(book.assignments)[assignment.exercise]
        there = next((known[name] for name in _names(assignment, heading) if name in known), None)
        # A title that only looks numbered would stand for whichever assignment has that number.
        fresh = _NUMBERED.sub(r"\g<title> [\g<number>]", heading)
        columns[assignment.exercise] = (there, True) if there is not None else (fresh, False)
    return columns


def _names(assignment: Assignment, heading: str) -> list[str]:
    slug = assignment.exercise.replace("_", " ", 1)
    return [name.casefold() for name in (heading, assignment.title, assignment.exercise, slug)]


def _text(sheet: Sheet, columns: dict[str, tuple[str, bool]]) -> str:
    exercises = [assignment.exercise for assignment in sheet.assignments]
    new = ["" if columns[a.exercise][1] else table.mark(a.points) for a in sheet.assignments]
    rows = [["Student", *_IDS, "Section", *(columns[exercise][0] for exercise in exercises)]]
    if any(new):
        rows.append(["    Points Possible", "", "", "", "", *new])
    for student, of in sheet.rows:
        who = [_name(student), *(roster_field(student, name) for name in _IDS)]
        marks = [table.mark(mark(of[exercise])) for exercise in exercises]
        rows.append([*who, roster_field(student, "Section"), *marks])
    return "".join(map(table.row, rows))


def _name(student: Student) -> str:
    # Canvas takes a row whose first cell holds these words for the row of points.
    return (roster_field(student, "Student") or student.shown).replace("Points Possible", "Points-Possible")
