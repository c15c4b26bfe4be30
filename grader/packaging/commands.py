"""The command ``onedelay package``: its options, and what it prints."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from grader.complaint import Complaint
from grader.exercise import Exercise
from grader.packaging.gradescope import NotPackagedError, Plan, hidden_checks, package_gradescope
from grader.paths import exercise_called, exercises_here
from grader.reports.exporters.classroom50 import declarative

_WHEN: Final = {
    "hidden": "never",
    "after_due_date": "after the due date",
    "after_published": "once the grades are published",
    "visible": "at once",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay package``."""
    parser.set_defaults(run=run)
    parser.add_argument(
        "platform",
        choices=["gradescope", "classroom50"],
        help="gradescope: an autograder, ready to upload; classroom50: the declarative tests, as JSON",
    )
    parser.add_argument(
        "--exercise", nargs="+", action="extend", required=True, metavar="NN", help="what it grades, by number or name"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="what to write (default: gradescope-NN.zip)")
    parser.add_argument("--points", type=int, default=10, help="classroom50: of each exercise (default: 10)")
    parser.add_argument(
        "--isolation",
        choices=["none", "weak", "strong", "full"],
        default="strong",
        help="what it insists on for submissions; where that is not possible it grades nothing (default: strong)",
    )
    parser.add_argument(
        "--hidden",
        choices=list(_WHEN),
        metavar="WHEN",
        default="after_published",
        help="hidden, after_due_date, after_published or visible: when students see whether a hidden check passed; its "
        "details they never see (default: after_published)",
    )


def run(options: argparse.Namespace) -> int:
    """Write what *options* ask for, of the exercises that are here; return the command's exit code."""
    folder = exercises_here()
    chosen = list(dict.fromkeys(exercise_called(name, folder) for name in options.exercise))
    try:
        if options.platform == "classroom50":
            return _declare(chosen, options)
        return _package(chosen, options)
    except NotPackagedError as error:
        raise Complaint(str(error)) from None
    except OSError as error:
        raise Complaint(f"{error.filename} cannot be read: {error.strerror}") from None


def _package(chosen: list[Exercise], options: argparse.Namespace) -> int:
    plan = Plan(tuple(exercise.name for exercise in chosen), options.isolation, options.hidden)
    content = package_gradescope(chosen, plan)
    out = options.out or Path(f"gradescope-{'-'.join(exercise.number for exercise in chosen)}.zip")
    _write(out, content)
    _say(out, len(content), chosen, plan)
    return 0


def _declare(chosen: list[Exercise], options: argparse.Namespace) -> int:
    text = declarative({exercise.name: options.points for exercise in chosen})
    if options.out is None:
        print(text, end="")
    else:
        _write(options.out, text.encode())
    return 0


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise NotPackagedError(f"{out} not written: {error.strerror}") from None


def _say(out: Path, size: int, exercises: list[Exercise], plan: Plan) -> None:
    print(f"{out}: {', '.join(plan.exercises)}, {size / 1_000_000:.1f} MB")
    hidden = [exercise.name for exercise in exercises if hidden_checks(exercise) is not None]
    if hidden:
        print(f"With hidden checks for {', '.join(hidden)}; students see whether they passed {_WHEN[plan.hidden]}.")
    print(
        f"Isolation {plan.isolation}: where the container does not allow it, nothing is graded, and the result says so."
    )
    if plan.isolation in {"none", "weak"}:
        print("At this level a submission can read the checks and change its own result.")
    print("Next: Configure Autograder, upload it, then Test Autograder with a right and a wrong submission.")
