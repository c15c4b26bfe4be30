"""Diagnoses of a call that did not come to an end by itself."""

from __future__ import annotations

import re
from typing import Final

from grader.diagnosis.model import Diagnosis, Rule, amount
from grader.evidence import Deadlocked, Died, Endless, Evidence, Swallowed, Waiter
from grader.timeline import Line


def stopped_at_limit(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a candidate that ran into the judge's limit."""
    failure = evidence.failure
    if not isinstance(failure, Died) or failure.how != "limit":
        return None
    line = failure.stack[0] if failure.stack else None
    return Diagnosis(
        "never-ends",
        "never ended",
        f"it was still running after {failure.detail} s and was stopped.",
        line,
        "it was here when it was stopped" if line else "",
        "look for a loop whose condition never changes, or that never awaits anything.",
    )


def ended_the_process(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a candidate whose process ended in the middle of a check."""
    failure = evidence.failure
    if not isinstance(failure, Died):
        return None
    line = failure.stack[0] if failure.stack else None
    if failure.how == "signal":
        seen = f"Python itself crashed ({failure.detail})."
        hint = "look for ctypes, a C extension, or a signal that the program sends to itself."
        return Diagnosis("crashed", "crashed Python", seen, line, "it was here when it crashed" if line else "", hint)
    if failure.how == "bound":
        return Diagnosis(
            "used-too-much",
            "used too much",
            f"the program used more than {failure.detail}, and was stopped.",
            line,
            "it was here when it was stopped" if line else "",
            "look for what grows or starts without end.",
        )
    if failure.how == "wire":
        seen = f"the program wrote into the grader's own channel ({failure.detail})."
        return Diagnosis("broke-the-channel", "cannot be graded", seen, line, hint="leave inherited files alone.")
    seen = f"the process ended with exit code {failure.detail} in the middle of the call."
    return Diagnosis(
        "exits", "ended the program", seen, line, hint="return a value or raise an exception instead of exiting."
    )


def deadlocked(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a program in which everybody waits for somebody else."""
    failure = evidence.failure
    if not isinstance(failure, Deadlocked):
        return None
    first = failure.waiters[0] if failure.waiters else None
    return Diagnosis(
        "deadlocked",
        "waits for ever",
        f"everybody waits and nothing will ever wake them: {_who_waits(failure.waiters)}.",
        first.line if first else None,
        "waits here for something that never comes" if first else "",
        "ask who should release, set or put what this line waits for, and why they cannot.",
    )


def endless(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a program that goes on for ever in virtual time."""
    failure = evidence.failure
    if not isinstance(failure, Endless):
        return None
    first = failure.waiters[0] if failure.waiters else None
    return Diagnosis(
        "never-ends",
        "never ended",
        f"after {amount(failure.horizon)} virtual seconds it was still going; {_who_waits(failure.waiters)}.",
        first.line if first else None,
        "it was waiting here" if first else "",
        "look for a loop whose condition never changes.",
    )


def swallowed_cancellation(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a call that was cancelled and did not stop."""
    failure = evidence.failure
    if not isinstance(failure, Swallowed):
        return None
    line = _catching_line(evidence)
    return Diagnosis(
        "swallowed-cancellation",
        "did not stop when cancelled",
        f"{failure.function}() was cancelled and {failure.how} instead of ending with CancelledError.",
        line,
        "this catches CancelledError too, and does not raise it again" if line else "",
        "clean up in `finally`, or re-raise CancelledError after catching it.",
    )


def _catching_line(evidence: Evidence) -> Line | None:
    catches = re.compile(
        r"except\s*:|except\s.*(BaseException|CancelledError)|suppress\(.*(BaseException|CancelledError)"
    )
    for file, lines in evidence.source.items():
        for number, text in enumerate(lines, 1):
            if catches.search(text.partition("#")[0]):
                return Line(file, number)
    return None


def _who_waits(waiters: tuple[Waiter, ...]) -> str:
    shown = [f"{waiter.who} at line {waiter.line.number}" for waiter in waiters[:4]]
    more = len(waiters) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "") if shown else "no line of yours is involved"


RUNNING: Final[tuple[Rule, ...]] = (
    stopped_at_limit,
    ended_the_process,
    deadlocked,
    endless,
    swallowed_cancellation,
)
