"""A small class with IDs, and one that means harm: what the exporters are tried on. Its verdicts are real ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from grader.classbook import Assignment, Classbook, Graded, Student
from grader.diagnosis.model import Diagnosis
from grader.timeline import Line
from grader.verdict import ERROR, FAIL, PASS, ExerciseVerdict, Verdict, fold

WEATHER = Assignment("03_gather_weather", "03 gather weather", 8)
DISHES = Assignment("11_cook_dishes", "11 cook dishes", 8)
EVIL = "\x00\x1b[31m\u202e\ud800\ufffe</pre><script>alert(1)</script>]]>&amp;\r\n=1+1" + "x" * 20_000


def person(key: str, name: str, number: int, **fields: str) -> Student:
    """Return a student as a roster exported by Canvas or Moodle describes them."""
    row = {"ID": str(1000 + number), "SIS Login ID": key, "Section": "Lab 1", "ID number": f"M{number}", **fields}
    return Student(key, name, f"{key}@school.example", row)


@pytest.fixture
def cases(
    graded_file: Callable[[str], ExerciseVerdict], with_hidden: Callable[[ExerciseVerdict], ExerciseVerdict]
) -> Mapping[str, Graded]:
    """Return one submission of each kind, by what became of it."""
    right, wrong = graded_file("03/gather_weather.py"), graded_file("03/ran-sequentially.py")
    fault = replace(right.checks[0], outcome=ERROR, fault="RuntimeError: the world has no route", points=2)
    student = Student("ada", "Ada Lovelace", "ada@school.example")

    def of(verdict: ExerciseVerdict | None, **rest: object) -> Graded:
        exercise = WEATHER.exercise
        return replace(Graded(student, exercise, "ada.zip", verdict, isolation="full", seconds=0.06), **rest)  # type: ignore[arg-type]

    return {
        "right": of(right),
        "wrong": of(wrong),
        "a hidden check fails": of(with_hidden(right)),
        "wrong and a hidden check fails": of(with_hidden(wrong)),
        "syntax error": of(graded_file("03/syntax-error.py")),
        "printed": of(graded_file("03/chatty.py")),
        "a fault of ours": of(fold([fault, *right.checks[1:]])),
        "a judge that died": of(None, faulty=True, problem="the judge of 03_gather_weather ended with 1"),
        "a check that did not run": of(fold(right.checks[1:])),
        "a check that cannot run here": of(_left_out(right)),
        "absent": of(None, absent=True, problem="no submission"),
        "unreadable": of(None, problem="ada.zip: the archive ends too early"),
        "hostile": of(_saying(EVIL), source=EVIL, student=Student("evil", EVIL, "evil@school.example")),
    }


def _left_out(verdict: ExerciseVerdict) -> ExerciseVerdict:
    # As the judge has it: the last check counts neither as one of them nor by its points.
    rest, last = verdict.checks[:-1], verdict.checks[-1]
    absent = replace(last, outcome="NOT RUN", left_out="no server is installed", measured="")
    return fold([replace(c, checks=c.checks - 1, total=c.total - last.points) for c in (*rest, absent)])


def _saying(text: str) -> ExerciseVerdict:
    found = Diagnosis("raised", text, text, Line(text, 7), text, text)
    bare = Verdict(WEATHER.exercise, text, text, FAIL, 2, diagnosis=found, text=text, printed=text, total=4, checks=2)
    return fold([bare, replace(bare, outcome=PASS, diagnosis=None, measured=text, clock="real")])


@pytest.fixture(scope="session")
def saying() -> Callable[[str], Graded]:
    """Return what makes a submission in which every text is the given one."""
    return lambda text: Graded(Student(text, text, text), WEATHER.exercise, text, _saying(text))


@pytest.fixture
def small_class(cases: Mapping[str, Graded]) -> Classbook:
    """Return a class in which each kind of result occurs, in two exercises."""
    ada, ben, cleo = person("ada", "Ada Lovelace", 1), person("ben", "Ben, Jr.", 2), person("cleo", "Cleo", 3)
    dan = person("dan", "=cmd|' /C calc'!A0", 4)
    rows = [
        (ada, WEATHER, "right"),
        (ada, DISHES, "wrong"),
        (ben, WEATHER, "wrong and a hidden check fails"),
        (ben, DISHES, "a fault of ours"),
        (cleo, WEATHER, "absent"),
        (cleo, DISHES, "unreadable"),
        (dan, WEATHER, "hostile"),
        (dan, DISHES, "right"),
    ]
    graded = tuple(replace(cases[kind], student=who, exercise=what.exercise) for who, what, kind in rows)
    date = "2026-11-25T10:00:00+00:00"
    return Classbook("Concurrency", date, "both", 7, "full", (ada, ben, cleo, dan), (WEATHER, DISHES), graded)


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Return what holds a text to its picture in ``golden/``. To renew one, delete it and run its test twice."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).with_name("golden") / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode())
            pytest.fail(f"{path.name} is new: look at it, and run again")
        assert text == path.read_bytes().decode()

    return compare
