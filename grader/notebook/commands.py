"""The command ``onedelay nbgrader``: its options, and what it prints."""

from __future__ import annotations

import argparse
import gc
from pathlib import Path

from grader.complaint import Complaint
from grader.diagnosis.model import amount, count
from grader.exercise import exercises_in
from grader.notebook.autograde import ahead
from grader.notebook.course.writing import CONFIGURATION, CourseError, Plan, Written, write
from grader.paths import exercise_called, exercises_here, expect_solutions


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay nbgrader``."""
    parser.set_defaults(run=run)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    course = actions.add_parser("course", help="write a course: its configuration and a source notebook per exercise")
    course.add_argument("folder", type=Path, metavar="DIR", help="where the course goes")
    course.add_argument(
        "--exercise", nargs="+", action="extend", default=[], metavar="NN", help="these exercises (default: all)"
    )
    course.add_argument("--assignment", metavar="NAME", help="one assignment of this name, with a notebook for each")
    course.add_argument(
        "--clock",
        choices=["decisive", "virtual", "both"],
        default="decisive",
        help="virtual: leave out what takes real time; both: confirm for real what is right (default: decisive)",
    )
    course.add_argument(
        "--isolation",
        choices=["full", "strong", "weak", "none"],
        default="full",
        help="what autograding insists on (default: full)",
    )
    course.add_argument("--kernel", action="store_true", help="let autograding run notebooks in kernels, unprotected")
    course.add_argument("--force", action="store_true", help="replace files that were changed since")
    grade = actions.add_parser("autograde", help="in a course: do what `nbgrader autograde` does, faster")
    grade.add_argument("assignment", metavar="ASSIGNMENT")
    grade.add_argument("--student", default="*", metavar="NAME", help="of this student only (default: of all)")
    grade.add_argument("--force", action="store_true", help="grade again what has a grade")
    ungraded = actions.add_parser("ungraded", help="in a course: list what was handed in and has no grade, and why")
    ungraded.add_argument("assignment", metavar="ASSIGNMENT")


def run(options: argparse.Namespace) -> int:
    """Do what *options* ask for, with the exercises that are here; return the command's exit code."""
    folder = exercises_here()
    try:
        if options.action == "course":
            return _course(options, folder)
        return _grade(options, folder.resolve().parent)
    except CourseError as error:
        raise Complaint(str(error)) from None


def _course(options: argparse.Namespace, folder: Path) -> int:
    names = [exercise_called(name, folder) for name in options.exercise]
    chosen = list(dict.fromkeys(names)) or exercises_in(folder)
    expect_solutions(chosen, "a course")
    assignments = {options.assignment: chosen} if options.assignment else {e.name: [e] for e in chosen}
    plan = Plan(assignments, options.clock, options.isolation, options.kernel)
    _tell(write(plan, options.folder, force=options.force), plan, options.folder)
    return 0


def _tell(done: Written, plan: Plan, folder: Path) -> None:
    for name, exercises in plan.assignments.items():
        worth = [done.worth[exercise] for exercise in exercises]
        points = amount(sum(item.open + item.hidden for item in worth))
        notebooks = "" if len(exercises) == 1 else f", {count(len(exercises), 'notebook')}"
        hidden = sum(item.hidden for item in worth)
        secret = f", {amount(hidden)} of them for hidden checks" if hidden else ""
        print(f"{name:<28} {points} points{secret}{notebooks}")
    for path in done.kept:
        print(f"kept as it is: {path}, which was changed; --force replaces it")
    first = next(iter(plan.assignments))
    print(f"Next: cd {folder} && nbgrader generate_assignment {first}")


def _grade(options: argparse.Namespace, course: Path) -> int:
    if not (course / CONFIGURATION).is_file():
        raise CourseError(f"{course} is no course: go to the folder that holds {CONFIGURATION}")
    seed = ahead.start(course, options.assignment) if options.action == "autograde" else 0
    gc.disable()  # what nbgrader loads is no garbage, and a good deal to look through again and again
    try:
        from grader.notebook.autograde import grading  # noqa: PLC0415 - nbgrader takes seconds to import
    except ModuleNotFoundError as missing:
        raise CourseError(f"this needs {missing.name}: pip install 'onedelay[nbgrader]'") from None
    finally:
        gc.freeze()
        gc.enable()
    if options.action == "autograde":
        done = grading.autograde(course, options.assignment, seed, student=options.student, force=options.force)
    else:
        done = grading.look(course, options.assignment)
    print(f"{options.assignment}: {count(done.graded, 'submission')} graded")
    for item in done.ungraded:
        print(f"{item.student}: {item.why}")
    return 1 if done.ungraded else 0
