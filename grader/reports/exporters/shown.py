"""What an exporter may show of a verdict: nothing of a hidden check but that it exists. It knows no format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import dedent
from typing import Final

from grader.classbook import Graded
from grader.reports.harmless import block, line
from grader.reports.terminal import Style, explain
from grader.verdict import ERROR, FAIL, NOT_RUN, PASS, ExerciseVerdict, Verdict, fold

_STYLE: Final = Style(show_printed=False)


@dataclass(frozen=True)
class Shown:
    """One check as a learner may see it.

    title: what it asks for. text: what there is to say of it, lines of at most 80 columns. printed: by the learner's
    code. code, file, number: of the diagnosis and the line it names; empty and None without one.
    """

    title: str
    check: Verdict
    text: str = ""
    printed: str = ""
    code: str = ""
    file: str = ""
    number: int | None = None

    @property
    def hidden(self) -> bool:
        """Whether nothing of it may be shown."""
        return self.check.hidden


def shown(checks: Sequence[Verdict]) -> list[Shown]:
    """Return *checks* as a learner may see them: hidden ones are numbered, and say nothing else."""
    hidden = 0
    result = []
    for check in checks:
        if check.hidden:
            hidden += 1
            result.append(Shown(f"Hidden check {hidden}", check))
        else:
            result.append(_open(check))
    return result


def _open(check: Verdict) -> Shown:
    rows = block(dedent("\n".join(row.text.rstrip() for row in explain(check, _STYLE))))
    title, printed = line(check.check) or "A check", block(check.printed)
    if check.diagnosis is None:
        return Shown(title, check, rows, printed)
    place = check.diagnosis.line
    file, number = (line(place.file), place.number) if place is not None else ("", None)
    return Shown(title, check, rows, printed, line(check.diagnosis.code), file, number)


def without_hidden(verdict: ExerciseVerdict) -> ExerciseVerdict | None:
    """Return *verdict* as if its hidden checks did not exist; None when there are no others."""
    hidden = [check for check in verdict.checks if check.hidden]
    points = sum(check.points for check in hidden if not check.left_out)
    count = sum(not check.left_out for check in hidden)
    rest = [
        replace(check, checks=max(1, check.checks - count), total=check.total - points)
        for check in verdict.checks
        if not check.hidden
    ]
    return fold(rest) if rest else None


def headline(verdict: ExerciseVerdict, *, hidden: bool = True) -> str:
    """Return what a learner may read of *verdict* in a few words, such as ``ran one after another``.

    hidden: whether they may read that hidden checks passed or not.
    """
    seen = without_hidden(verdict)
    if seen is not None and seen.cause is not None and seen.cause.diagnosis is not None:
        return line(seen.cause.diagnosis.title)
    if not hidden and verdict.outcome in {PASS, FAIL} and any(check.hidden for check in verdict.checks):
        return "the checks that are shown pass"
    if verdict.outcome == PASS:
        return "all checks pass"
    if verdict.outcome == FAIL:
        return "the checks that are shown pass, a hidden one does not"
    return "some checks did not run" if verdict.outcome == NOT_RUN else "the grader failed"


def mark(graded: Graded) -> float | None:
    """Return the points to hand to a gradebook; None when they are not known for certain.

    Not known: a fault of ours, checks that did not run without another failing, nothing handed in, nothing readable.
    A gradebook has its own rule for who handed in nothing, and a person looks at the rest.
    """
    if graded.verdict is None or graded.verdict.outcome not in {PASS, FAIL}:
        return None
    return graded.verdict.earned


def why_no_mark(graded: Graded) -> str:
    """Return why `mark` is None, in words."""
    if graded.outcome == ERROR:
        return "a fault of the grader, not theirs"
    if graded.verdict is not None:
        return "some checks did not run"
    return "nothing was handed in" if graded.absent else "what was handed in could not be read"
