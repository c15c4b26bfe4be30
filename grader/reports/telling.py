"""What to tell of a graded submission, and in which order; it knows no format.

The instructor is told everything. For the student, leave hidden checks out first (`shown_to_student`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from grader.reports import harmless
from grader.verdict import FAIL, NOT_RUN, ExerciseVerdict, Verdict

UNKNOWN: Final = "\N{EN DASH}"  # in the place of a number
_PRINTS: Final = 2  # texts printed in different checks that are shown
_PRINTED: Final = 1500  # characters of each


@dataclass(frozen=True)
class Finding:
    """A failing check whose diagnosis is told, and how many *others* failed with the same diagnosis."""

    check: Verdict
    others: int


def shown_to_student(checks: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Return the checks whose details are the student's to know."""
    return tuple(check for check in checks if not check.hidden)


def findings(checks: Sequence[Verdict]) -> tuple[Finding, ...]:
    """Return what failed, each diagnosis once, the most fundamental first; of equal ones one with a picture first."""
    failed = [check for check in checks if check.outcome == FAIL and check.diagnosis is not None]
    by_code: dict[str, list[Verdict]] = {}
    for check in sorted(failed, key=lambda check: check.rank):
        assert check.diagnosis is not None
        by_code.setdefault(check.diagnosis.code, []).append(check)
    return tuple(
        Finding(min(same, key=lambda check: (check.hidden, check.picture is None)), len(same) - 1)
        for same in by_code.values()
    )


def printed(checks: Sequence[Verdict]) -> tuple[tuple[Verdict, str], ...]:
    """Return what the code printed, as a block safe to show: each text once, failing checks first, at most two."""
    texts: dict[str, Verdict] = {}
    for check in sorted(checks, key=lambda check: check.outcome != FAIL):
        if check.printed.strip():
            texts.setdefault(harmless.block(check.printed, _PRINTED, 20), check)
    return tuple((check, text) for text, check in list(texts.items())[:_PRINTS])


def unlisted(verdict: ExerciseVerdict) -> int:
    """Return how many checks of the exercise left no verdict at all."""
    return max(verdict.missing - sum(check.outcome == NOT_RUN for check in verdict.checks), 0)


def number(value: float | None) -> str:
    """Return points as text: ``3``, ``2.5``; a dash for what is not known."""
    return UNKNOWN if value is None else f"{round(value, 2):g}"


def head(exercise: str) -> str:
    """Return the number of ``NN_slug``, or the name itself when it has none."""
    first = exercise.partition("_")[0]
    return first if first.isdigit() else harmless.line(exercise, 30)


def sentence(text: str) -> str:
    """Return *text* with a capital letter first."""
    return text[:1].upper() + text[1:]
