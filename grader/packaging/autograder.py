"""What a Gradescope autograder runs for each submission: ``python -m grader.packaging.autograder /autograder``.

It writes ``results/results.json`` after each exercise, so that what has been graded counts even when time runs out, and
prints a report for the instructor, hidden checks included.
"""

from __future__ import annotations

import contextlib
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from grader.batch.job import Settings
from grader.batch.worker import measured_here
from grader.classbook import Graded, Student
from grader.exercise import Exercise
from grader.judge.isolation.level import CannotIsolateError, Level
from grader.packaging.gradescope import PLAN, Plan, plan_of
from grader.packaging.single import grade
from grader.reports.exporters.gradescope import results
from grader.reports.harmless import line
from grader.reports.terminal import Style, render

_MEANING: Final = {
    "none": "not isolated: a submission can read this folder and change its own result",
    "weak": "limited in time, memory and files, but able to read this folder and change its own result",
    "strong": "an own user, no network, no files but its own",
    "full": "an own user, namespaces of its own, no network, no files but its own",
}


def main(arguments: Sequence[str]) -> int:
    """Grade the submission below the folder that *arguments* name; return 0 when results were written."""
    root = Path(arguments[0]).resolve()
    source = root / "source"
    plan = plan_of((source / PLAN).read_text("utf-8"))
    seed = secrets.randbelow(1 << 32)  # what the judge's world answers is new in every run
    settings = Settings(source, clock="both", isolation=plan.isolation, limit=plan.limit, seed=seed)
    print(f"Isolation: {plan.isolation} ({_MEANING[plan.isolation]}). Seed: {seed}.")
    with contextlib.suppress(CannotIsolateError):  # the result says so
        print(f"Here: {measured_here(Level.parse(plan.isolation), source).line}.")
    graded: list[Graded] = []
    exercises = [Exercise(source / "exercises" / name) for name in plan.exercises]
    for place, exercise in enumerate(exercises):
        graded.append(grade(exercise, root / "submission", settings))
        waiting = [_waiting(other) for other in exercises[place + 1 :]]
        _write(root / "results" / "results.json", [*graded, *waiting], plan)
        print(_report(graded[-1]))
    return 0


def _waiting(exercise: Exercise) -> Graded:
    return Graded(Student("submission"), exercise.name, problem="there was no time left for it", faulty=True)


def _write(path: Path, graded: Sequence[Graded], plan: Plan) -> None:
    # At once or not at all: whoever stops us leaves a whole file behind.
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name("results.json.new")
    unfinished.write_text(results(graded, plan.hidden), "utf-8")
    unfinished.replace(path)


def _report(graded: Graded) -> str:
    if graded.verdict is None:
        return f"{graded.exercise}: {line(graded.problem)}"
    return "\n".join(row.text for row in render(graded.verdict, Style(every=True)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
