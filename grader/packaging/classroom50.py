"""What an ``autograder.py`` of Classroom 50 runs: ``python -m grader.packaging.classroom50 FOLDER NN``.

FOLDER holds ``exercises/``; the submission is the current folder, where ``result.json`` is written. It ends with 1, and
without a result, where there is no grade: Classroom 50 then records an error, and no points.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from grader.batch.job import Settings
from grader.exercise import Exercise
from grader.packaging.single import grade
from grader.paths import UnknownExerciseError, expand
from grader.reports.exporters.classroom50 import NotGradedError, result, run_of
from grader.reports.exporters.shown import headline


def main(arguments: Sequence[str]) -> int:
    """Grade the current folder; return 0 when its result was written."""
    parser = argparse.ArgumentParser(prog="grader.packaging.classroom50")
    parser.add_argument("folder", type=Path, help="what holds exercises/")
    parser.add_argument("exercise", help="its number or name, such as 03")
    parser.add_argument("--isolation", choices=["none", "weak", "strong", "full"], default="weak")
    options = parser.parse_args(arguments)
    try:
        root = options.folder.resolve()
        exercise = Exercise(Path(expand(str(root / "exercises" / options.exercise))))
        run = run_of(os.environ, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        seed = secrets.randbelow(1 << 32)  # what the judge's world answers is new in every run
        graded = grade(exercise, Path.cwd(), Settings(root, "both", options.isolation, seed=seed))
        text = result(graded, run)
    except (UnknownExerciseError, LookupError, NotGradedError) as reason:
        print(f"classroom50: {reason}", file=sys.stderr)
        return 1
    Path("result.json").write_text(text, "utf-8")
    assert graded.verdict is not None
    # Students read this log: nothing of a hidden check is in it.
    print(f"{exercise.name}: {headline(graded.verdict)} (isolation: {options.isolation})")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
