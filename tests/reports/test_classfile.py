"""A class as JSON keeps to its schema, and says everything that the page says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader.classbook import Classbook, Student
from grader.reports import classfile

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "class.schema.json").read_text("utf-8"))


def _made(book: Classbook) -> dict[str, Any]:
    made: dict[str, Any] = json.loads("".join(classfile.render(book)))
    jsonschema.Draft202012Validator(SCHEMA).validate(made)
    return made


def test_a_class_keeps_to_the_schema(a_class: Classbook) -> None:
    """The document of a class with every outcome is valid, and each student has a result for each assignment."""
    made = _made(a_class)
    outcomes = {result["outcome"] for student in made["students"] for result in student["results"]}

    assert outcomes == {"PASS", "FAIL", "ERROR", "ABSENT", "UNREADABLE"}
    assert [student["key"] for student in made["students"]] == [student.key for student in a_class.students]
    assert all(len(student["results"]) == 3 for student in made["students"])
    assert made["similar"][0]["students"] == ["s005", "s006"]


def test_a_fault_is_null(a_class: Classbook) -> None:
    """What the grader could not grade earned null."""
    broken = _made(a_class)["students"][8]["results"][2]

    assert (broken["outcome"], broken["earned"]) == ("ERROR", None)
    assert broken["verdict"]["checks"][0]["fault"] == "RuntimeError: the world has no route"


def test_hidden_checks_are_marked(a_class: Classbook) -> None:
    """It is the instructor's: hidden checks are in it, and marked."""
    checks = _made(a_class)["students"][2]["results"][0]["verdict"]["checks"]

    assert [check["check"] for check in checks if check["hidden"]] == ["SECRET check passes", "SECRET check fails"]


def test_timelines_are_counted(a_class: Classbook) -> None:
    """A timeline is told in figures."""
    checks = _made(a_class)["students"][4]["results"][1]["verdict"]["checks"]

    assert checks[1]["timeline"] == {
        "delay": 1.0, "elapsed": 4.0, "operations": 2, "at_once": 1, "ideally_at_once": 2,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["\ud800", "\x00\x1b", "</script>", '"\\'])
def test_any_name(a_class: Classbook, name: str) -> None:
    """Whatever a name holds, the document is valid JSON in ASCII."""
    student = Student("k" + name, name)
    graded = tuple(replace(item, student=student, source=name) for item in a_class.graded[:3])
    book = replace(a_class, students=(student,), graded=graded, similar=())

    assert "".join(classfile.render(book)).isascii()
    assert _made(book)["students"][0]["name"] == name


def test_what_both_schemas_describe_is_the_same() -> None:
    """A diagnosis and an outcome are described as in the report of a single run."""
    report = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))["$defs"]

    assert SCHEMA["$defs"]["diagnosis"] == report["diagnosis"]
    assert SCHEMA["$defs"]["outcome"] == report["outcome"]


def test_a_submission_costs_little(large_class: Callable[[int, int], Classbook]) -> None:
    """It is written student by student, and a submission takes less than 10 kB."""
    pieces = list(classfile.render(large_class(50, 1)))

    assert len(pieces) >= 50
    assert max(map(len, pieces)) < 20_000
    assert sum(map(len, pieces)) / 50 < 10_000
