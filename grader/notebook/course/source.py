"""An exercise as nbgrader's source notebook: its task, the stub with the solution, the cells that grade it, its hints.

The texts and the code are the exercise's own; nothing of it is written twice. It writes no file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from grader.diagnosis.model import amount
from grader.exercise import Exercise
from grader.notebook.course.handout import compose
from grader.notebook.masters import SCHEMA, Call

# The names of the cells, by which nbgrader knows them.
TASK: Final = "task"
ANSWER: Final = "answer"
CHECKS: Final = "checks"
HIDDEN: Final = "hidden-checks"
HINTS: Final = "hints"


@dataclass(frozen=True)
class Worth:
    """What the cells of an exercise earn, on the clocks of the course."""

    open: float
    hidden: float
    clock: str


def cells_of(exercise: Exercise, worth: Worth) -> list[dict[str, Any]]:
    """Return the cells, as they stand in a notebook file."""
    task, hints = _readme(exercise)
    cells = [
        _cell("markdown", TASK, f"{task}\n\n{_how_to(exercise, worth.clock)}", locked=True),
        _cell("code", ANSWER, _answer(exercise), solution=True),
        _cell("code", CHECKS, _judged(exercise, worth.open, worth.clock), grade=True, points=worth.open, locked=True),
    ]
    if worth.hidden:
        hidden = _hidden(exercise, worth.hidden, worth.clock)
        cells.append(_cell("code", HIDDEN, hidden, grade=True, points=worth.hidden, locked=True))
    cells.append(_plain_cell("code", "try", _tries(exercise)))
    if hints:
        cells.append(_cell("markdown", HINTS, hints, locked=True))
    return cells


def _readme(exercise: Exercise) -> tuple[str, str]:
    """Return the task, and what comes after it: hints and what to read."""
    text = (exercise.folder / "README.md").read_text("utf-8")
    text = re.sub(r"<!--.*?-->\n", "", text)
    task, heading, rest = text.partition("\n## Hints\n")
    return task.strip(), f"{heading}{rest}".strip()


def _how_to(exercise: Exercise, clock: str) -> str:
    file = exercise.stub.name
    if is_file(exercise):
        where = (
            f"The next cell writes `{file}`, since this exercise needs a real file: other processes import it, or run "
            "it. Keep its first line, and run it after each change."
        )
    else:
        where = (
            f"Where the text speaks of `{file}`, it means the next cell. What your answer uses, imports included, "
            "belongs there too."
        )
    less = ""
    if clock != "both" and "confirms=True" in exercise.test.read_text("utf-8"):
        less = " What would only confirm for real what these checks decide is left out."
    judged = (
        f"The locked cell below it does what `pytest exercises/{exercise.number}` does: it judges your answer and "
        f"shows what happened, and when.{less}"
    )
    return f"## In this notebook\n\n{where} {judged} In cells of your own, `await` works at the top level."


def is_file(exercise: Exercise) -> bool:
    """Return whether the answer has to be a file: processes import it, or it is run as a program."""
    return "__main__" in exercise.stub.read_text("utf-8") or "processes=" in exercise.test.read_text("utf-8")


def _answer(exercise: Exercise) -> str:
    magic = f"%%writefile {exercise.stub.name}\n" if is_file(exercise) else ""
    reference = exercise.solutions / exercise.stub.name
    return magic + compose(exercise.stub.read_text("utf-8"), reference.read_text("utf-8"))


def _judged(exercise: Exercise, points: float, clock: str) -> str:
    return f"# Run this cell to have your answer judged, for {_points(points)}.\n{_call(exercise, points, clock)}"


def _hidden(exercise: Exercise, points: float, clock: str) -> str:
    return (
        f"# Here more checks are run when your work is graded, for {_points(points)}.\n"
        f"### BEGIN HIDDEN TESTS\n{_call(exercise, points, clock, ', hidden=True')}\n### END HIDDEN TESTS"
    )


def _call(exercise: Exercise, points: float, clock: str, more: str = "") -> str:
    if clock != Call.clock:
        more += f', clock="{clock}"'
    return f'from grader.notebook import judge\n\njudge("{exercise.name}", points={amount(points)}{more})'


def _points(points: float) -> str:
    return "1 point" if points == 1 else f"{amount(points)} points"


def _tries(exercise: Exercise) -> str:
    if not is_file(exercise):
        return "# Try things out here."
    module = exercise.slug
    return f"# Try things out here.\nimport importlib\n\nimport {module}\n\nimportlib.reload({module})"


# -- cells in nbformat ----------------------------------------------------------------------------------------


def _cell(
    kind: str,
    name: str,
    source: str,
    *,
    grade: bool = False,
    solution: bool = False,
    locked: bool = False,
    points: float | None = None,
) -> dict[str, Any]:
    cell = _plain_cell(kind, name, source)
    cell["metadata"]["nbgrader"] = {
        "schema_version": SCHEMA,
        "grade": grade,
        "grade_id": name,
        "locked": locked,
        "solution": solution,
        "task": False,
        "cell_type": kind,
    }
    if points is not None:
        cell["metadata"]["nbgrader"]["points"] = points
    return cell


def _plain_cell(kind: str, name: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a notebook of *cells*, as its file holds it."""
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
