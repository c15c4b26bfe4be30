"""A class as CSV for Moodle's grade import.

A row is found by one column, the same for all: the e-mail address, the ID number or the user name. A row that Moodle
cannot match ends its whole import, and feedback that comes without its grade removes the grade: so feedback stands
beside a grade in every row, and who lacks the one column is left out and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from grader.classbook import Classbook, Graded, Student
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
from grader.reports.exporters.shown import headline, mark
from grader.reports.harmless import line

# The heading, and the columns of a roster that may hold it.
_KEYS: Final = {
    "Email address": ("Email address", "E-mail", "Mail"),
    "ID number": ("ID number", "Student ID", "Student number"),
    "Username": ("Username", "User name", "Login"),
}


def grades(book: Classbook) -> Export:
    """Return the files to import; students without the key and grades that are not known are named, and left out."""
    key = max(_KEYS, key=lambda name: sum(bool(_value(student, name)) for student in book.students))
    kept, problems = _identified(book.students, key)
    titles = headings(book.assignments)
    found = sheets(book, kept)
    texts = [_text(sheet, key, titles) for sheet in found]
    return Export(dict(zip(file_names("moodle", found), texts, strict=True)), (*problems, *unknown(book)))


def _value(student: Student, key: str) -> str:
    own = student.email.strip() if key == "Email address" else ""
    return own or roster_field(student, *_KEYS[key])


def _identified(students: Sequence[Student], key: str) -> tuple[list[Student], list[str]]:
    twice = repeated(_value(student, key).casefold() for student in students)
    kept, problems = [], []
    for student in students:
        value = _value(student, key)
        wrong = f"{value!r} {why}" if (why := identity_problem(value)) else ""
        if not value:
            wrong = f"the roster has no {key} for them, by which the file names the others"
        elif value.casefold() in twice:
            wrong = f"{value} is also another student's"
        if wrong:
            problems.append(f"{line(student.shown, 80)}: not in the file for Moodle: {line(wrong)}")
        else:
            kept.append(student)
    return kept, problems


def _text(sheet: Sheet, key: str, titles: dict[str, str]) -> str:
    heading = [key]
    for assignment in sheet.assignments:
        title = titles[assignment.exercise]
        heading += [title, f"{title} (feedback)"]
    rows = [heading]
    for student, of in sheet.rows:
        row = [_value(student, key)]
        for assignment in sheet.assignments:
            item = of[assignment.exercise]
            row += [table.mark(mark(item)), _feedback(item)]
        rows.append(row)
    return "".join(map(table.row, rows))


def _feedback(graded: Graded) -> str:
    # Moodle shows it as HTML.
    return escape(headline(graded.verdict), quote=False) if graded.verdict is not None else ""
