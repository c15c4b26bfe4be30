"""What a diagnosis is. Values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.evidence import Evidence
from grader.timeline import Line


@dataclass(frozen=True)
class Diagnosis:
    """One named finding.

    code: its name, such as ``ran-sequentially``. title: the same in a few words. seen: what happened, and what was
    expected. line: the learner's line that caused it; mark: what that line does. hint: what to try next.
    caret: column (from 1) of a SyntaxError. pictured: whether a timeline shows it.
    """

    code: str
    title: str
    seen: str
    line: Line | None = None
    mark: str = ""
    hint: str = ""
    caret: int = 0
    pictured: bool = False


Rule = Callable[[Evidence], Diagnosis | None]


def count(number: int, noun: str) -> str:
    """Return ``1 task``, ``3 tasks``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def amount(number: float) -> str:
    """Return a number of delays or seconds without noise: ``50``, ``1.25``."""
    return f"{round(number, 2):g}"


def delays(number: float) -> str:
    """Return ``1 delay``, ``50 delays``."""
    text = amount(number)
    return f"{text} delay" if text == "1" else f"{text} delays"


def shorten(value: object, width: int = 70) -> str:
    """Return the repr of a value in at most *width* characters, its ends kept."""
    text = " ".join(repr(value).split())
    return text if len(text) <= width else f"{text[: width - 22]} … {text[-18:]}"
