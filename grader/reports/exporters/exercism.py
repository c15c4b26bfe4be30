"""One submission as Exercism's ``results.json``, version 3 of its test runner interface."""

from __future__ import annotations

import json
from typing import Any, Final

from grader.classbook import Graded
from grader.reports import harmless
from grader.reports.exporters.shown import Shown, headline, shown
from grader.verdict import ERROR, FAIL, PASS, ExerciseVerdict

OUTPUT: Final = 500  # characters, by the interface
MESSAGE: Final = 65_535  # the same
_CUT: Final = "\nOutput was truncated. Please limit to 500 chars."
_UNRUNNABLE: Final = frozenset({"syntax-error", "no-file", "broken-at-import"})
_OURS: Final = "The grader failed, your solution did not: please report it."


def results(graded: Graded) -> str:
    """Return ``results.json`` for one submission of one exercise."""
    verdict = graded.verdict
    if verdict is None and graded.faulty:
        return _dump("error", _OURS, [])
    if verdict is None:
        return _dump("error", harmless.block(graded.problem) or "Nothing was handed in.", [])
    tests = [_test(item) for item in shown(verdict.checks) if not item.check.left_out]
    if verdict.outcome == PASS:
        return _dump("pass", None, tests)
    message = _why_no_test_ran(verdict)
    return _dump("error", message, tests) if message else _dump("fail", None, tests)


def _why_no_test_ran(verdict: ExerciseVerdict) -> str:
    # The interface's "error" is for a solution that cannot be run at all, and for a runner that failed.
    if verdict.outcome != FAIL:
        return _OURS if verdict.outcome == ERROR else f"{_OURS} Some checks did not run."
    codes = {check.diagnosis.code for check in verdict.checks if check.outcome == FAIL and check.diagnosis}
    if not codes <= _UNRUNNABLE or any(check.outcome == PASS for check in verdict.checks):
        return ""
    failed = shown([check for check in verdict.checks if check.outcome == FAIL and not check.hidden])
    return failed[0].text if failed else headline(verdict)


def _test(item: Shown) -> dict[str, Any]:
    test: dict[str, Any] = {"name": item.title, "status": "pass" if item.check.outcome == PASS else "fail"}
    if item.check.outcome not in {PASS, FAIL}:
        test["status"] = "error"
    if test["status"] != "pass":
        test["message"] = _message(item)
    if item.printed:
        test["output"] = _cut(item.printed)
    return test


def _message(item: Shown) -> str:
    if item.hidden:
        return "What this check looks at is not shown."
    return _OURS if item.check.outcome == ERROR else item.text[:MESSAGE]


def _cut(text: str) -> str:
    return text if len(text) <= OUTPUT else text[: OUTPUT - len(_CUT)] + _CUT


def _dump(status: str, message: str | None, tests: list[dict[str, Any]]) -> str:
    result = {"version": 3, "status": status, "message": message, "tests": tests}
    return json.dumps(result, indent=2, ensure_ascii=True) + "\n"
