"""One submission as Gradescope's ``results/results.json``. It knows no container and no zip.

The format: Gradescope's *Autograder Specifications*. It has no word for "not graded": a number has to be given. What
the grader itself failed at is therefore a test without points and for the instructor's eyes only, which by Gradescope's
rule also keeps the total from the student; the text above the tests says that the grader failed and that the number
is no grade.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

from grader.classbook import Graded
from grader.reports import harmless
from grader.reports.exporters.shown import Shown, headline, shown
from grader.verdict import ERROR, NOT_RUN, PASS

Visibility = Literal["hidden", "after_due_date", "after_published", "visible"]
FAULT_TAG: Final = "grader-error"  # to search for in an export of the submissions
_TEXT: Final = "text"
_NO_GRADE: Final = (
    "The grader failed here, your work did not. The number shown or stored for this submission is not a grade. "
    "Your instructor has to look at it, and to run the autograder again."
)


def results(graded: Sequence[Graded], hidden: Visibility = "after_published") -> str:
    """Return ``results.json`` for one student's submission of one or more exercises.

    hidden: when a student sees that a hidden check passed or failed; its details are never shown. While a check is not
    shown Gradescope keeps the total from the student as well.
    """
    tests = [test for item in graded for test in _tests(item, hidden)]
    withheld = any(item.outcome in {ERROR, NOT_RUN} for item in graded)
    rows = [f"{_number(item.exercise)} {_slug(item.exercise)}: {_summary(item, hidden)}." for item in graded]
    return _dump(
        {
            "score": round(sum(item.verdict.earned for item in graded if item.verdict is not None), 4),
            "execution_time": round(sum(item.seconds for item in graded), 3),
            "output": "\n".join(([_NO_GRADE, ""] if withheld else []) + rows),
            "tests": tests,
            "extra_data": {"format": "onedelay/gradescope/v1", "exercises": [_extra(item) for item in graded]},
        }
    )


def failure(why: str) -> str:
    """Return ``results.json`` for a run in which the grader could not do its work; why: for the instructor."""
    test = {**_fault_test(why), "name": "The grader failed"}
    extra = {"format": "onedelay/gradescope/v1", "exercises": []}
    return _dump({"score": 0, "execution_time": 0, "output": _NO_GRADE, "tests": [test], "extra_data": extra})


def _dump(result: dict[str, Any]) -> str:
    fixed = {
        "output_format": _TEXT,  # the default would show HTML
        "test_output_format": _TEXT,
        "test_name_format": _TEXT,
        "stdout_visibility": "hidden",  # what run_autograder prints is for the instructor
    }
    return json.dumps({**result, **fixed}, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _tests(graded: Graded, hidden: Visibility) -> Iterator[dict[str, Any]]:
    if graded.verdict is None:
        test = {"score": 0, "status": "failed", "output": harmless.block(graded.problem) or "Nothing was handed in."}
        whole = _fault_test(graded.problem) if graded.faulty else test
        yield {"name": _slug(graded.exercise), "number": _number(graded.exercise), **whole}
        return
    for place, check in enumerate(shown(graded.verdict.checks), 1):
        number = f"{_number(graded.exercise)}.{place}"
        yield {"name": check.title, "number": number, **_result(check, hidden)}


def _result(item: Shown, hidden: Visibility) -> dict[str, Any]:
    check = item.check
    if check.outcome == ERROR:
        return _fault_test("" if item.hidden else check.fault)
    if check.left_out:
        return {"output": item.text, "visibility": hidden if item.hidden else "visible"}
    result: dict[str, Any] = {
        "score": check.earned,
        "max_score": check.points,
        "status": "passed" if check.outcome == PASS else "failed",
        "visibility": hidden if item.hidden else "visible",
    }
    if not item.hidden:
        result["output"] = "\n\n".join(part for part in (item.text, _printed(item)) if part)
    if item.code:
        result["tags"] = [item.code]
        result["extra_data"] = {"diagnosis": item.code, "file": item.file or None, "line": item.number}
    return result


def _fault_test(why: str) -> dict[str, Any]:
    output = "A fault of the grader or its set-up: no points were given or taken for this."
    return {
        "status": "failed",
        "output": f"{output}\n{harmless.block(why)}" if why else output,
        "tags": [FAULT_TAG],
        "visibility": "hidden",
    }


def _printed(item: Shown) -> str:
    return f"Your code printed:\n{item.printed}" if item.printed else ""


def _summary(graded: Graded, hidden: Visibility) -> str:
    if graded.verdict is None:
        return "the grader failed" if graded.faulty else harmless.line(graded.problem) or "nothing was handed in"
    return headline(graded.verdict, hidden=hidden == "visible")  # it is always shown itself


def _extra(graded: Graded) -> dict[str, Any]:
    # A later run in the same container may read it, so nothing of a hidden check is in it.
    codes = [item.code for item in shown(graded.verdict.checks if graded.verdict else ()) if item.code]
    return {
        "exercise": graded.exercise,
        "outcome": graded.outcome,
        "diagnoses": list(dict.fromkeys(codes)),
        "isolation": graded.isolation,
    }


def _number(exercise: str) -> str:
    return exercise.partition("_")[0]


def _slug(exercise: str) -> str:
    return exercise.partition("_")[2] or exercise
