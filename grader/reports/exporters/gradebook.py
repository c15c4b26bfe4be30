"""What the gradebooks of learning platforms have in common: who gets which grades, and in how many files.

It knows no platform. A cell left empty is no way to say "not known": Canvas and Moodle both take it for "remove what
is there". So a file holds only students all of whose grades in it are known, and those who lack one get a file of
their own with the others. Usually there is one file.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.classbook import Assignment, Classbook, Graded, Student
from grader.reports import grades, harmless
from grader.reports.exporters.shown import mark, why_no_mark


@dataclass(frozen=True)
class Export:
    """Files to import, each by itself, name -> text; and one line for each thing that is in none of them, and why."""

    files: Mapping[str, str]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """Rows that share their columns: students whose grades for *assignments* are known."""

    assignments: tuple[Assignment, ...]
    rows: tuple[tuple[Student, Mapping[str, Graded]], ...]


def sheets(book: Classbook, students: Iterable[Student]) -> list[Sheet]:
    """Return what to export of *students*, the sheet with the most columns first; unknown grades are left out."""
    groups: dict[tuple[Assignment, ...], list[tuple[Student, Mapping[str, Graded]]]] = defaultdict(list)
    work: dict[Student, dict[str, Graded]] = defaultdict(dict)
    for item in book.graded:
        work[item.student][item.exercise] = item
    for student in students:
        of = work[student]
        known = tuple(a for a in book.assignments if a.exercise in of and mark(of[a.exercise]) is not None)
        if known:
            groups[known].append((student, of))
    found = [Sheet(assignments, tuple(rows)) for assignments, rows in groups.items()]
    return sorted(found, key=lambda sheet: (-len(sheet.assignments), -len(sheet.rows)))


def unknown(book: Classbook) -> list[str]:
    """Return a line for each exercise and reason for which grades are not exported, with the students' names."""
    reasons: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in book.graded:
        if mark(item) is None:
            reasons[item.exercise, why_no_mark(item)].append(harmless.line(item.student.shown, 80))
    return [
        f"{exercise}: no grade exported for {_some(names)}: {why}; the platform keeps what it has"
        for (exercise, why), names in reasons.items()
    ]


def _some(names: Sequence[str]) -> str:
    first = ", ".join(names[:8])
    return first if len(names) <= 8 else f"{first} and {len(names) - 8} more"


def roster_field(student: Student, *columns: str) -> str:
    """Return what the roster says in the first of *columns* that it has; case, spaces and signs do not matter."""
    fields = {_plain(column): text for column, text in student.fields.items()}
    return next((fields[_plain(column)].strip() for column in columns if fields.get(_plain(column), "").strip()), "")


def _plain(column: str) -> str:
    return "".join(character for character in column.casefold() if character.isalnum())


def identity_problem(value: str) -> str:
    """Return why *value* cannot stand in an ID column, or nothing: it has to be there as it is, or not at all."""
    if value == grades.cell(value):
        return ""
    formula = harmless.line(value) == value
    return "would be computed as a formula by a spreadsheet" if formula else "holds control characters or is too long"


def repeated(values: Iterable[str]) -> set[str]:
    """Return the values that occur more than once; empty ones do not count."""
    return {value for value, times in Counter(values).items() if value and times > 1}


def headings(assignments: Sequence[Assignment]) -> dict[str, str]:
    """Return exercise -> the heading of its column: its title, and its folder's name where titles are alike."""
    same = repeated(assignment.title for assignment in assignments)
    return {a.exercise: a.exercise if a.title in same or not a.title else a.title for a in assignments}


def file_names(stem: str, sheets_: Sequence[Sheet]) -> list[str]:
    """Return a name for each sheet: ``canvas.csv``, ``canvas-2.csv``."""
    return [f"{stem}.csv" if place == 1 else f"{stem}-{place}.csv" for place in range(1, len(sheets_) + 1)]
