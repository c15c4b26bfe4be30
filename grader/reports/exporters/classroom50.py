"""One submission as Classroom 50's ``result.json``, and its declarative test. It knows no workflow.

The format: ``classroom50/result/v1`` and ``classroom50/tests/v1``, as published with Classroom 50. Points are whole
numbers there. Those of an exercise are multiplied by the smallest factor that makes all of them whole, the same for
every student; the unscaled ones stand beside them as ``points`` and ``earned``, since Classroom 50 keeps
further fields of a test.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from grader.classbook import Graded
from grader.reports.exporters.shown import Shown, mark, shown, why_no_mark
from grader.verdict import PASS, Verdict

SCHEMA: Final = "classroom50/result/v1"
MOST_SECONDS: Final = 600  # a declarative test's longest timeout
MOST_POINTS: Final = 1000
_FACTORS: Final = (1, 2, 4, 5, 10, 20, 100)


class NotGradedError(Exception):
    """There is no grade to write; end with an exit code other than 0, and Classroom 50 records an error, not a 0."""


@dataclass(frozen=True)
class Run:
    """What Classroom 50's runner says of a submission. datetime: UTC, ``YYYY-MM-DDTHH:MM:SSZ``."""

    classroom: str
    assignment: str
    submission: str
    commit: str
    release: str
    review: str
    datetime: str
    owner: str = ""
    assignment_type: str = "individual"


def run_of(environment: Mapping[str, str], datetime: str) -> Run:
    """Return what the runner's environment variables say; a missing one is a `LookupError` that names it."""
    names = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL")
    missing = [name for name in names if not environment.get(name)]
    if missing:
        raise LookupError(f"{', '.join(missing)} not set: Classroom 50's runner sets them; is this run by it?")
    classroom, assignment, submission, commit, release = (environment[name] for name in names)
    review = environment.get("REVIEW_URL") or commit
    owner = environment.get("OWNER") or environment.get("USERNAME", "")
    kind = environment.get("ASSIGNMENT_TYPE") or "individual"
    return Run(classroom, assignment, submission, commit, release, review, datetime, owner, kind)


def result(graded: Graded, run: Run) -> str:
    """Return ``result.json``; `NotGradedError` where points would claim what is not known."""
    if graded.verdict is None or mark(graded) is None:
        raise NotGradedError(f"{graded.exercise}: no grade: {why_no_mark(graded)}")
    counted = [check for check in graded.verdict.checks if not check.left_out]
    factor = scale(counted)
    tests = [_test(item, factor) for item in shown(counted)]
    identity = {"assignment_type": run.assignment_type, "owner": run.owner} if run.owner else {}
    data = {
        "schema": SCHEMA,
        "classroom": run.classroom,
        "assignment": run.assignment,
        **identity,
        "submission": run.submission,
        "commit": run.commit,
        "release": run.release,
        "review": run.review,
        "datetime": run.datetime,
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"


def scale(checks: Sequence[Verdict]) -> int:
    """Return what points are multiplied by; beyond hundredths they are rounded."""
    for factor in _FACTORS:
        if all(abs(check.points * factor - round(check.points * factor)) < 1e-9 for check in checks):
            return factor
    return _FACTORS[-1]


def _test(item: Shown, factor: int) -> dict[str, Any]:
    passed = item.check.outcome == PASS
    most = round(item.check.points * factor)
    test: dict[str, Any] = {
        "test-name": item.title,
        "passed": passed,
        "score": most if passed else 0,
        "max-score": most,
        "points": item.check.points,
        "earned": item.check.earned,
    }
    if not item.hidden:
        test |= {"message": item.text, "diagnosis": item.code or None}
    return test


def declarative(points: Mapping[str, float], seconds: int = 120) -> str:
    """Return a declarative test of type ``python`` for each exercise, as JSON for an assignment's list of tests.

    points: exercise -> what it is worth. Classroom 50 splits these points evenly over pytest's cases, whatever ours
    are worth, and sees no hidden check. An ``autograder.py`` that writes `result` keeps both.
    """
    tests = [
        {
            "name": exercise.replace("_", " ", 1)[:100],
            "type": "python",
            "run": f"python -m pytest exercises/{exercise} -q",
            "timeout": min(max(1, seconds), MOST_SECONDS),
            "points": min(max(1, round(worth)), MOST_POINTS),
        }
        for exercise, worth in points.items()
    ]
    return json.dumps(tests, indent=2) + "\n"
