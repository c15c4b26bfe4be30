"""Classes for the reports to show, made of real verdicts.

`sample.json` holds the verdicts of known right and wrong files, as the grader gave them: file -> its checks, each as
`verdict.to_data` has it, without what is empty; a picture's operations are (kind, start, end, name, line).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from grader.classbook import Assignment, Classbook, Graded, Similar, Student
from grader.diagnosis.model import Diagnosis
from grader.timeline import Line, Operation, Timeline, picture
from grader.verdict import ERROR, FAIL, ExerciseVerdict, Verdict, fold

_SAMPLE = Path(__file__).with_name("sample.json")
_TITLES = {"03": "gather weather", "11": "cook dishes", "17": "chess exhibition"}
_PEOPLE = (
    "Ada Lovelace", "Grace Hopper", "Łukasz Nowak", "Zoë Müller", "José Ñandú", "Fatima Al-Sayed", "Chen Wei", "דנה לוי",
    "Mary Jackson", "Edsger Vries", "Barbara L.", "Priya Natarajan", "Tomás Ó Briain", "Kwame Mensah", "Yuki Tanaka",
    "Olga Ivanova", "Sam Taylor", "Ines Costa", "Noah Berg", "Amara Okafor", "Leo Rossi", "Hana Novák", "Ali Demir",
    "Eva Lind",
)  # fmt: skip


@lru_cache
def _sample() -> dict[str, list[Verdict]]:
    return {
        file: [_verdict(check) for check in checks] for file, checks in json.loads(_SAMPLE.read_text("utf-8")).items()
    }


def _verdict(data: dict[str, Any]) -> Verdict:
    found, drawn = data.get("diagnosis"), data.get("picture")
    if found is not None:
        line = found.get("line")
        found = Diagnosis(**{"code": "", "title": "", "seen": "", **found, "line": Line(*line) if line else None})
    if drawn is not None:
        operations = tuple(
            Operation(kind, start, end, name, Line("x.py", line) if line else None)
            for kind, start, end, name, line in drawn["yours"]
        )
        drawn = picture(Timeline(drawn.get("start", 0), drawn["end"], operations), drawn["delay"])
    return Verdict(**{**data, "diagnosis": found, "picture": drawn})


def _graded_file(name: str) -> ExerciseVerdict:
    return fold(_sample()[name])


def _files(number: str) -> list[str]:
    return [name for name in _sample() if name.startswith(f"{number}/")]


def _fault(verdict: ExerciseVerdict) -> ExerciseVerdict:
    broken = replace(
        verdict.checks[0], outcome=ERROR, diagnosis=None, picture=None, fault="RuntimeError: the world has no route"
    )
    return fold([broken, *verdict.checks[1:]])


def _hidden(verdict: ExerciseVerdict) -> ExerciseVerdict:
    """Return a verdict with two hidden checks, one of which fails with a diagnosis of its own."""
    first = verdict.checks[0]
    fails = Diagnosis("secret-code", "SECRET title", "SECRET seen", Line("SECRET.py", 3), "SECRET mark", "SECRET hint")
    secrets = [
        replace(first, check="SECRET check passes", node="SECRET", hidden=True, outcome="PASS", points=1, diagnosis=None),
        replace(
            first, check="SECRET check fails", node="SECRET", hidden=True, outcome=FAIL, points=1, diagnosis=fails, rank=0,
            text="SECRET line", printed="SECRET output", measured="SECRET time",
        ),
    ]  # fmt: skip
    every = [*verdict.checks, *secrets]
    return fold([replace(check, checks=first.checks + 2, total=first.total + 2) for check in every])


def _title(number: str) -> str:
    return f"{number}_{_TITLES[number].replace(' ', '_')}"


def _assignments(numbers: tuple[str, ...]) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(_title(number), _TITLES[number], _graded_file(_files(number)[0]).points) for number in numbers
    )


@pytest.fixture(scope="session")
def graded_file() -> Callable[[str], ExerciseVerdict]:
    """Return what gives the real verdict of a file of the sample, such as ``03/wrong-order.py``."""
    return _graded_file


@pytest.fixture(scope="session")
def with_hidden() -> Callable[[ExerciseVerdict], ExerciseVerdict]:
    """Return what adds two hidden checks to a verdict, one of them failing; all their words contain SECRET."""
    return _hidden


@pytest.fixture(scope="session")
def a_class() -> Classbook:
    """Return a class of 24 with three exercises: real verdicts, a fault of ours, absences and unreadable archives."""
    students = tuple(
        Student(f"s{number:03}", name, f"s{number:03}@school.example", {"Section": "A"})
        for number, name in enumerate(_PEOPLE, 1)
    )
    numbers = ("03", "11", "17")
    graded = [_one_of(student, place, number) for place, student in enumerate(students) for number in numbers]
    return Classbook(
        "Concurrency, autumn", "2026-11-25T10:00:00+00:00", "virtual", 7, "FULL", students, _assignments(numbers),
        tuple(graded),
        (
            Similar(_title("03"), students[4:6], 1.0, verbatim=True),
            Similar(_title("03"), students[10:13], 1.0),
            Similar(_title("11"), (students[1], students[8]), 0.93),
        ),
        ("late/notes.txt: no student of the roster has this name", "s030.zip: not an archive; nothing was graded"),
    )  # fmt: skip


def _one_of(student: Student, place: int, number: str) -> Graded:
    files = _files(number)
    exercise, seconds = _title(number), 0.04 + place * 0.003
    source = f"{student.key}.zip"
    if place == 21 or (place == 13 and number != "03"):
        return Graded(student, exercise, absent=True, problem="no submission")
    if place == 17 and number == "11":
        return Graded(student, exercise, source, problem="s018.zip: the archive ends too early")
    verdict = _graded_file(files[(place * 5 + int(number)) % len(files)])
    if place == 8 and number == "17":
        verdict = _fault(verdict)
    if place == 2 and number == "03":
        verdict = _hidden(verdict)
    hung = any(check.hung for check in verdict.checks)
    return Graded(student, exercise, source, verdict, isolation="FULL", seconds=2.4 if hung else seconds)


@pytest.fixture(scope="session")
def large_class() -> Callable[[int, int], Classbook]:
    """Return what makes a class of so many students and exercises, half of the submissions right."""
    return _large


def _large(students: int, exercises: int) -> Classbook:
    people = tuple(Student(f"u{number:05}", f"Student Number {number}") for number in range(students))
    wrong = [name for name in _files("03") if _graded_file(name).outcome == FAIL]
    right = [name for name in _files("03") if _graded_file(name).outcome != FAIL]
    titles = tuple(Assignment(f"{number:02}_exercise", f"exercise {number}", 5) for number in range(1, exercises + 1))
    graded = []
    for place, student in enumerate(people):
        for column, assignment in enumerate(titles):
            files = right if (place * 7 + column) % 2 else wrong
            verdict = _graded_file(files[(place + column * 3) % len(files)])
            verdict = replace(verdict, exercise=assignment.exercise)
            graded.append(
                Graded(student, assignment.exercise, f"{student.key}.zip", verdict, isolation="FULL", seconds=0.05)
            )
    return Classbook("A large class", "2026-11-25", "virtual", 1, "FULL", people, titles, tuple(graded))
