"""A notebook has the verdicts of the file with the same code, check by check."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("nbgrader") is None, reason="needs nbgrader: pip install 'onedelay[nbgrader]'"
    ),
]

ROOT = Path(__file__).resolve().parents[2]
# Cheap ones; the last one's answer has to be a file.
EXERCISES = [
    "01_classify_workloads",
    "03_gather_weather",
    "08_event_loop_order",
    "09_native_coroutines",
    "35_when_not_async",
]
WEEK = "week1"

Verdicts = dict[tuple[str, str], list[tuple[Any, ...]]]  # (student, exercise) -> each check's facts
Answers = dict[str, dict[str, str]]  # exercise -> student -> code


def answers_of(solutions: Callable[[str], dict[str, str]]) -> Answers:
    """Return all known answers: to each exercise, one for each student as long as there are any."""
    return {name: {f"s{n:03}": text for n, text in enumerate(solutions(name).values())} for name in EXERCISES}


def graded_as_files(answers: Answers, folder: Path) -> Verdicts:
    for exercise, texts in answers.items():
        for student, text in texts.items():
            path = folder / "class" / student / exercise / f"{exercise[3:]}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    command = [
        sys.executable,
        "-m",
        "grader.cli",
        "grade",
        str(folder / "class"),
        "--out",
        str(folder / "out"),
        "--seed",
        "7",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    found = {}
    for student in json.loads((folder / "out" / "class.json").read_text("utf-8"))["students"]:
        for result in (one for one in student["results"] if one["verdict"] is not None):
            checks = result["verdict"]["checks"]
            told = [
                (c["hidden"], "" if c["hidden"] else c["check"], c["outcome"], c["earned"], c["points"], code_of(c))
                for c in checks
            ]
            found[student["key"], result["exercise"]] = sorted(told)
    return found


def code_of(check: dict[str, Any]) -> str:
    """Return the diagnosis, which a notebook does not tell of hidden checks."""
    return "" if check["hidden"] or check["diagnosis"] is None else str(check["diagnosis"]["code"])


def verdicts_of(course: Any, answers: Answers) -> Verdicts:
    """Return what the autograded notebooks say."""
    found = {}
    for exercise, texts in answers.items():
        for student in texts:
            told = [
                (
                    name == "hidden-checks",
                    c.get("check", ""),
                    c["outcome"],
                    c["earned"],
                    c["points"],
                    c.get("diagnosis", ""),
                )
                for name, facts in course.facts(student, WEEK, exercise).items()
                for c in facts["checks"]
            ]
            found[student, exercise] = sorted(told)
    return found


def graded_as_notebooks(course: Any, answers: Answers) -> Verdicts:
    course.nbgrader("generate_assignment", WEEK)
    for exercise, texts in answers.items():
        for student, text in texts.items():
            course.hand_in(student, WEEK, exercise, course.solved(WEEK, exercise, text))
    course.nbgrader("autograde", WEEK)
    return verdicts_of(course, answers)


@pytest.fixture(scope="module")
def answers(solutions: Callable[[str], dict[str, str]]) -> Answers:
    return answers_of(solutions)


@pytest.fixture(scope="module")
def as_files(answers: Answers, full: None, tmp_path_factory: pytest.TempPathFactory) -> Verdicts:
    return graded_as_files(answers, tmp_path_factory.mktemp("files"))


def differing(one: Verdicts, other: Verdicts) -> dict[tuple[str, str], Any]:
    return {key: (checks, other.get(key)) for key, checks in one.items() if checks != other.get(key)}


@pytest.fixture(scope="module")
def course(make_course: Callable[..., Any]) -> Any:
    course = make_course(*(name[:2] for name in EXERCISES), options=("--assignment", WEEK))
    course.set("c.Submissions.seed = 7")
    return course


def test_the_sandbox_gives_every_answer_the_verdicts_of_its_file(
    as_files: Verdicts, course: Any, answers: Answers
) -> None:
    """All that is known to be right and all that is known to be wrong, in five exercises."""
    as_notebooks = graded_as_notebooks(course, answers)
    assert len(as_files) == sum(map(len, answers.values())) > 200
    assert differing(as_files, as_notebooks) == {}


def test_the_grades_are_the_sums_of_the_checks(as_files: Verdicts, course: Any, answers: Answers) -> None:
    """Over a student's notebooks, hidden checks included, as nbgrader exports them."""
    expected: dict[str, float] = {}
    for (student, _), checks in as_files.items():
        expected[student] = expected.get(student, 0.0) + sum(check[3] for check in checks)
    grades = course.grades()
    assert {student: grades[student, WEEK] for student in expected} == pytest.approx(expected, abs=1e-3)


def test_a_kernel_gives_answers_the_verdicts_of_their_files(
    as_files: Verdicts, make_course: Callable[..., Any], answers: Answers, solutions: Callable[[str], dict[str, str]]
) -> None:
    """A right one and a wrong one of each exercise: every one takes seconds."""
    some = {}
    for exercise, texts in answers.items():
        first_rejected = next(n for n, name in enumerate(solutions(exercise)) if name.startswith("rejected/"))
        some[exercise] = {student: texts[student] for student in (f"s{0:03}", f"s{first_rejected:03}")}
    course = make_course(*(name[:2] for name in EXERCISES), options=("--assignment", WEEK, "--kernel"))
    in_kernels = graded_as_notebooks(course, some)
    assert len(in_kernels) == 2 * len(EXERCISES)
    assert differing(in_kernels, as_files) == {}
