"""Marks as CSV: what a spreadsheet and a gradebook read."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classbook import Assignment, Classbook, Graded, Student
from grader.reports.grades import cell, mark, render


def _read(book: Classbook) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(render(book)), newline="")))


def test_a_row_for_each_student(a_class: Classbook) -> None:
    """Each student has a row: who, points per exercise, their sum, and the outcomes."""
    rows = _read(a_class)

    assert [row["key"] for row in rows] == [student.key for student in a_class.students]
    assert rows[1] == {
        "key": "s002", "name": "Grace Hopper", "email": "s002@school.example", "03_gather_weather": "8",
        "11_cook_dishes": "6", "17_chess_exhibition": "8", "total": "22", "points": "24",
        "03_gather_weather outcome": "PASS", "11_cook_dishes outcome": "FAIL", "17_chess_exhibition outcome": "PASS",
    }  # fmt: skip


def test_a_fault_of_ours_is_blank(a_class: Classbook) -> None:
    """A mark that the grader could not give is blank, and so is the sum; nothing handed in is a zero."""
    rows = {row["key"]: row for row in _read(a_class)}

    assert rows["s009"]["17_chess_exhibition"] == rows["s009"]["total"] == ""
    assert rows["s009"]["17_chess_exhibition outcome"] == "ERROR"
    assert rows["s022"]["03_gather_weather"] == rows["s022"]["total"] == "0"
    assert rows["s022"]["03_gather_weather outcome"] == "ABSENT"
    assert rows["s018"]["11_cook_dishes outcome"] == "UNREADABLE"


@pytest.mark.parametrize(
    ("points", "shown"),
    [(None, ""), (0.0, "0"), (5.0, "5"), (2.5, "2.5"), (1 / 3, "0.3333"), (0.1 + 0.2, "0.3"), (120.0, "120")],
)
def test_marks(points: float | None, shown: str) -> None:
    """Points are written as a spreadsheet reads them; unknown ones are blank."""
    assert mark(points) == shown


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "=cmd|' /C calc'!A0", "＝1"])
def test_formulas_are_defused(text: str) -> None:
    """Text that a spreadsheet would run has an apostrophe first."""
    assert cell(text).startswith("'")


@given(st.text(st.characters(exclude_categories=[]), max_size=60))
def test_any_name(name: str) -> None:
    """Whatever a name holds, the table has its rows and columns, no cell runs, and all of it is UTF-8."""
    student = Student(name or "x", name, name)
    book = Classbook(
        name, "", "virtual", 0, "", (student,), (Assignment("03_x", name, 1),), (Graded(student, "03_x", absent=True),)
    )
    text = "".join(render(book))
    text.encode()
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))

    assert [len(row) for row in rows] == [7, 7]
    assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in rows[1])


def test_an_honest_name_is_not_touched(a_class: Classbook) -> None:
    """Quotes, commas and every script survive the way to the table and back."""
    names = ['O\'Neil, "Bob"', "דנה לוי", "Łukasz", "Anne-Marie"]
    students = tuple(replace(student, name=name) for student, name in zip(a_class.students, names, strict=False))
    graded = tuple(Graded(student, a.exercise, absent=True) for student in students for a in a_class.assignments)

    assert [row["name"] for row in _read(replace(a_class, students=students, graded=graded))] == names
