"""What one student is told, as Markdown; it knows no class and writes no file.

Hidden checks are told as counts only. Whatever the student wrote is escaped, or in a code block whose fence is longer
than any in it, so that nothing of it becomes Markdown or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from grader.classbook import Assignment, Graded, Student
from grader.reports import harmless, telling, terminal
from grader.verdict import ERROR, FAIL, NOT_RUN, PASS, ExerciseVerdict, Verdict

_SPECIAL: Final = re.compile(r"[\\`*_\[\]<>~|!&$#{}]|(?<=:)/|(?<=www)\.|@", re.IGNORECASE)
_SIGNS: Final = {PASS: "✓", FAIL: "✗", ERROR: "!", NOT_RUN: telling.UNKNOWN}


def render(student: Student, graded: Mapping[str, Graded], assignments: Sequence[Assignment]) -> str:
    """Return the feedback for *student*: exercise -> what they handed in, in the order of *assignments*."""
    shown = [(assignment, graded[assignment.exercise]) for assignment in assignments if assignment.exercise in graded]
    earned = sum(item.earned or 0 for _, item in shown)
    points = sum(assignment.points for assignment, _ in shown)
    blank = sum(item.earned is None for _, item in shown)
    lines = [f"# {escape(student.shown, 120)}", ""]
    lines += [f"{telling.number(earned)} of {telling.number(points)} points.{_blank(blank)}", ""]
    for assignment, item in shown:
        lines += _exercise(assignment, item)
    return "\n".join(lines).rstrip() + "\n"


def escape(text: str, limit: int = 600) -> str:
    """Return *text* as one line of Markdown that shows it as it is."""
    return _escape(harmless.line(text, limit)).strip()


def fenced(text: str) -> list[str]:
    """Return a code block of *text*, which is safe to show already, as lines."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", *text.split("\n"), fence]


def _escaped(found: re.Match[str]) -> str:
    # Some renderers take HTML even after a backslash: what opens it becomes an entity.
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(found[0], f"\\{found[0]}")


def _blank(count: int) -> str:
    if not count:
        return ""
    what = "one exercise" if count == 1 else f"{count} exercises"
    return f" The grader failed at {what}, which is not counted yet."


def _exercise(assignment: Assignment, item: Graded) -> Iterator[str]:
    yield f"## {telling.head(assignment.exercise)} {escape(assignment.title, 80)}: {_result(assignment, item)}"
    yield ""
    if item.outcome == ERROR:
        yield from ("The grader failed here, not you. Your instructor sees this too; it takes no points from you.", "")
    elif item.absent:
        yield from ("Nothing was handed in.", "")
    elif item.verdict is None:
        yield from (f"What was handed in could not be graded: {escape(item.problem)}", "")
    if item.verdict is not None:
        yield from _verdict(item.verdict)


def _result(assignment: Assignment, item: Graded) -> str:
    if item.earned is None:
        return "no mark yet"
    return f"{telling.number(item.earned)} of {telling.number(assignment.points)} points"


def _verdict(verdict: ExerciseVerdict) -> Iterator[str]:
    visible = telling.shown_to_student(verdict.checks)
    for finding in telling.findings(visible):
        yield from _finding(finding)
    for check in visible:
        yield _check(check)
    # A check that the exercise has and that left no verdict may be a hidden one: only a count is said of either.
    missing = telling.unlisted(verdict)
    if missing:
        yield f"- {telling.UNKNOWN} {missing} more did not run"
    hidden = [check for check in verdict.checks if check.hidden]
    if hidden:
        passed = sum(check.outcome == PASS for check in hidden)
        yield from ("", f"Hidden checks: {passed} of {len(hidden)} pass.")
    yield ""
    for check, text in telling.printed(visible):
        yield from (f"Your code printed, in “{escape(check.check, 80)}”:", "", *fenced(text), "")


def _finding(finding: telling.Finding) -> Iterator[str]:
    check, diagnosis = finding.check, finding.check.diagnosis
    assert diagnosis is not None
    yield from (f"**{escape(telling.sentence(diagnosis.title), 160)}.** {words(diagnosis.seen)}", "")
    drawn = [row.text for row in terminal.explain(_only_the_picture(check), terminal.Style(show_printed=False))]
    if diagnosis.line is not None:
        yield f"In {escape(diagnosis.line.file, 120)}, line {diagnosis.line.number}:"
        why = f"\n└ {harmless.line(diagnosis.mark, 300)}" if diagnosis.mark else ""
        yield from ("", *fenced(harmless.line(check.text, 300) + why), "")
    if drawn:
        yield from (*fenced("\n".join(drawn)), "")
    if diagnosis.hint:
        yield from (f"Try: {words(diagnosis.hint)}", "")
    if finding.others:
        more = "check fails" if finding.others == 1 else "checks fail"
        yield from (f"{finding.others} more {more} for the same reason.", "")


def _only_the_picture(check: Verdict) -> Verdict:
    assert check.diagnosis is not None
    return replace(check, diagnosis=replace(check.diagnosis, seen="", line=None, hint=""))


def words(text: str) -> str:
    """Return words of the grader's, which write code between backticks; anything else in them is escaped."""
    parts = harmless.prose(text).split("`")
    if len(parts) % 2 == 0:
        return _escape("`".join(parts))
    return "".join(_code(part) if place % 2 else _escape(part) for place, part in enumerate(parts))


def _escape(text: str) -> str:
    return _SPECIAL.sub(_escaped, text)


def _code(text: str) -> str:
    return f"`{text}`" if text.strip() else _escape(f"`{text}`")


def _check(check: Verdict) -> str:
    points = "left out" if check.left_out else f"{telling.number(check.earned)}/{telling.number(check.points)}"
    if check.outcome == ERROR:
        points = "grader fault"
    return f"- {_SIGNS[check.outcome]} {escape(check.check, 160)} ({points})"
