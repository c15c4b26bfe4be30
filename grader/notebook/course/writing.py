"""Writes a course for nbgrader: its configuration, a source notebook for each exercise, and what judges them.

The course's folder holds ``exercises/`` and ``solutions/`` as everywhere, so that whoever grades needs nothing else.
What students get beside a notebook is its exercise without the solution and without hidden checks.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from grader.batch.job import Settings
from grader.batch.server import Server, ServerFault
from grader.exercise import HIDDEN, Exercise
from grader.notebook.course.source import Worth, cells_of, notebook

CONFIGURATION: Final = "nbgrader_config.py"
_TEMPLATE: Final = Path(__file__).with_name("nbgrader_config.py.in")
_KEPT_OUT: Final = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")


class CourseError(Exception):
    """The course cannot be written; the message is one line."""


@dataclass(frozen=True)
class Plan:
    """What the course is to be.

    assignments: name -> its exercises. clock: as of `Settings`. isolation: a level's name, for the submissions.
    kernel: run them in a kernel as nbgrader does by itself, in place of judging them in a sandbox.
    """

    assignments: Mapping[str, Sequence[Exercise]]
    clock: str = "decisive"
    isolation: str = "full"
    kernel: bool = False

    @property
    def exercises(self) -> list[Exercise]:
        """All of them."""
        return [exercise for chosen in self.assignments.values() for exercise in chosen]


@dataclass
class Written:
    """What was done: *worth* of each exercise, and the files *kept*, which were there and say something else."""

    worth: Mapping[Exercise, Worth]
    kept: list[Path]


def write(plan: Plan, folder: Path, *, force: bool = False) -> Written:
    """Write the course into *folder*; files that were changed there are kept unless *force*. `CourseError`."""
    done = Written(_worth(plan), [])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in _texts(plan, folder, done.worth):
            if path.is_file() and path.read_text("utf-8") != text and not force:
                done.kept.append(path)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        for exercise in plan.exercises:
            _copy(exercise.folder, folder / "exercises" / exercise.name)
            _copy_solution(exercise, folder / "solutions" / exercise.name)
        for name, exercises in plan.assignments.items():
            for exercise in exercises:
                _copy(exercise.folder, folder / "source" / name / "exercises" / exercise.name)
    except OSError as error:
        raise CourseError(f"{error.filename or folder} cannot be written: {error.strerror}") from None
    return done


def _texts(plan: Plan, folder: Path, worth: Mapping[Exercise, Worth]) -> Iterator[tuple[Path, str]]:
    values = {"how": "kernel" if plan.kernel else "sandbox", "isolation": plan.isolation}
    yield folder / CONFIGURATION, Template(_TEMPLATE.read_text("utf-8")).substitute(values)
    for name, exercises in plan.assignments.items():
        for exercise in exercises:
            cells = cells_of(exercise, worth[exercise])
            text = json.dumps(notebook(cells), indent=1, ensure_ascii=False) + "\n"
            yield folder / "source" / name / f"{exercise.name}.ipynb", text


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=_KEPT_OUT, dirs_exist_ok=True)


def _copy_solution(exercise: Exercise, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in (exercise.stub.name, HIDDEN):
        if (exercise.solutions / name).is_file():
            shutil.copyfile(exercise.solutions / name, target / name)


def _worth(plan: Plan) -> dict[Exercise, Worth]:
    """Ask a judge of each exercise what its checks are worth."""
    with ThreadPoolExecutor(4) as pool:
        asked = {exercise: pool.submit(_ask, exercise, plan.clock) for exercise in plan.exercises}
        return {exercise: answer.result() for exercise, answer in asked.items()}


def _ask(exercise: Exercise, clock: str) -> Worth:
    server = Server(exercise, Settings(exercise.folder.parent.parent, clock, "none"))
    try:
        return Worth(*server.points(), clock)
    except ServerFault as fault:
        raise CourseError(str(fault)) from None
    finally:
        server.close()
