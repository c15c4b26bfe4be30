"""`onedelay nbgrader autograde` and `ungraded`: the gradebook of nbgrader's own command, and a list of what has no grade."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("nbgrader") is None, reason="pip install 'onedelay[nbgrader]'"),
]

NAME = "03_gather_weather"
OURS = ("grader.cli", "nbgrader")


@pytest.fixture(scope="module")
def course(full: None, make_course: Callable[..., Any], solutions: Callable[[str], dict[str, str]]) -> Any:
    """A class of three notebooks that can be graded, and three submissions that cannot."""
    made = make_course("03")
    made.nbgrader("generate_assignment", NAME)
    known = solutions(NAME)
    made.hand_in("ada", NAME, NAME, made.solved(NAME, NAME, known["gather_weather.py"]))
    made.hand_in("bob", NAME, NAME, made.solved(NAME, NAME, known["rejected/ran-sequentially.py"]))
    made.hand_in("cy", NAME, NAME, made.released(NAME, NAME))
    made.hand_in("eve", NAME, NAME, '{"cells": [')
    made.hand_in("mal", NAME, f"{NAME} (1)", made.released(NAME, NAME))
    (made.folder / "submitted" / "nob" / NAME).mkdir(parents=True)
    return made


@pytest.fixture(scope="module")
def graded(course: Any) -> Any:
    """What the command said of that class."""
    return course.run(*OURS, "autograde", NAME, code=1)


def test_grades_are_those_of_nbgrader(course: Any, graded: Any) -> None:
    """Whoever can be graded is, by both commands alike."""
    ours = course.grades()
    shutil.rmtree(course.folder / "autograded")
    (course.folder / "gradebook.db").unlink()
    course.nbgrader("generate_assignment", NAME, "--force")
    course.nbgrader("autograde", NAME, code=1)  # one of them has no notebook of that name
    stock = course.grades()
    for student in ("ada", "bob", "cy", "eve"):
        assert ours[student, NAME] == stock[student, NAME], student
    assert ours["ada", NAME] > ours["bob", NAME] > ours["cy", NAME] == 0


def test_what_has_no_grade_is_listed(graded: Any) -> None:
    """One line for each, which says why; and no traceback."""
    assert "3 submissions graded" in graded.stdout
    listed = dict(line.split(": ", 1) for line in graded.stdout.splitlines()[1:])
    assert listed.keys() == {"eve", "mal", "nob"}
    assert "it is no JSON" in listed["eve"]
    assert f"there is {NAME} (1).ipynb" in listed["mal"]
    assert f"no notebook called {NAME}.ipynb" in listed["nob"]
    assert "Traceback" not in graded.stdout + graded.stderr


def test_the_list_can_be_had_again(course: Any, graded: Any) -> None:
    """`ungraded` says the same without grading."""
    again = course.run(*OURS, "ungraded", NAME, code=1)
    assert again.stdout == graded.stdout


def test_the_gradebook_may_lie_elsewhere(course: Any, graded: Any) -> None:
    """The list is read where the configuration says, and no other gradebook appears."""
    before = (course.folder / "nbgrader_config.py").read_text("utf-8")
    ours, elsewhere = course.folder / "gradebook.db", course.home / "elsewhere.db"
    course.set(f"c.CourseDirectory.db_url = 'sqlite:///{elsewhere}'")
    ours.rename(elsewhere)
    try:
        assert course.run(*OURS, "ungraded", NAME, code=1).stdout == graded.stdout
        assert not ours.exists()
    finally:
        elsewhere.rename(ours)
        (course.folder / "nbgrader_config.py").write_text(before, "utf-8")


def test_a_grade_is_kept_unless_forced(course: Any, graded: Any) -> None:
    """What a human has changed in the notebook stays, until --force."""
    path = course.folder / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    path.chmod(0o644)
    path.write_text("changed", "utf-8")
    course.run(*OURS, "autograde", NAME, code=1)
    assert path.read_text("utf-8") == "changed"
    course.run(*OURS, "autograde", NAME, "--student", "ada", "--force", code=1)
    assert path.read_text("utf-8").startswith("{")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("autograde", "08_event_loop_order"), "nothing was handed in"),
        (("autograde", NAME, "--student", "zoe"), "nothing was handed in"),
        (("ungraded", "08_event_loop_order"), "is no assignment yet"),
    ],
)
def test_what_is_not_there_is_one_line(course: Any, arguments: tuple[str, ...], words: str) -> None:
    """An unknown assignment or student ends with 2 and says so."""
    done = course.run(*OURS, *arguments, code=2)
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_below_the_isolation_nothing_is_graded(course: Any) -> None:
    """A level that cannot be had ends both commands before the first submission."""
    before = (course.folder / "nbgrader_config.py").read_text("utf-8")
    course.set('c.Submissions.isolation = "fuller"')
    try:
        ours = course.run(*OURS, "autograde", NAME, "--force", code=2)
        stock = course.nbgrader("autograde", NAME, "--force", code=1)
    finally:
        (course.folder / "nbgrader_config.py").write_text(before, "utf-8")
    assert "isolation fuller was asked for" in ours.stderr
    assert "isolation fuller was asked for" in stock
