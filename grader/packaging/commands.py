"""The command ``onedelay package``: its options, and what it prints."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from grader.exercise import Exercise
from grader.packaging.gradescope import NotPackagedError, Plan, package_gradescope
from grader.paths import UnknownExerciseError, expand
from grader.reports.exporters.classroom50 import declarative

_WHEN: Final = {
    "hidden": "never",
    "after_due_date": "after the due date",
    "after_published": "once the grades are published",
    "visible": "at once",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay package``."""
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
        default="after_published",
        help="when students see whether a hidden check passed; its details they never see (default: after_published)",
    )


def run(options: argparse.Namespace, folder: Path) -> int:
    """Write what *options* ask for, of the exercises in *folder*; return the command's exit code."""
    try:
        chosen = list(dict.fromkeys(Exercise(Path(expand(str(folder / name)))) for name in options.exercise))
        if options.platform == "classroom50":
            return _declare(chosen, options)
        return _package(chosen, options)
    except (UnknownExerciseError, NotPackagedError) as error:
        return _complain(str(error))
    except OSError as error:
        return _complain(f"{error.filename} cannot be read: {error.strerror}")


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
    hidden = [exercise.name for exercise in exercises if exercise.hidden is not None]
    if hidden:
        print(f"With hidden checks for {', '.join(hidden)}; students see whether they passed {_WHEN[plan.hidden]}.")
    print(
        f"Isolation {plan.isolation}: where the container does not allow it, nothing is graded, and the result says so."
    )
    if plan.isolation in {"none", "weak"}:
        print("At this level a submission can read the checks and change its own result.")
    print("Next: Configure Autograder, upload it, then Test Autograder with a right and a wrong submission.")


def _complain(message: str) -> int:
    print(f"onedelay: {message}", file=sys.stderr)
    return 2
