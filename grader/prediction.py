"""What a learner predicted of a program, beside what the program did. Values only; they know no check and no report.

A prediction is the learner's word and may be anything: what is no time, or no lines of text, is none, and of what is
long only the beginning is kept. What the program did is the judge's own observation of its own program.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from grader.ticks import to_ticks

CLOSE: Final = 1e-6  # seconds: sums of floats differ by less
MOST_SPANS: Final = 2_000
MOST_LINES: Final = 100
LONGEST_LINE: Final = 200  # characters
_LARGEST: Final = 10**100  # an int may be too large for a float


class Span(NamedTuple):
    """Somebody, or something, was busy or waiting from *start* to *end*: ticks since the program began."""

    name: str
    start: int
    end: int


class Told(NamedTuple):
    """A line that the program said, and when: ticks since it began."""

    text: str
    at: int


@dataclass(frozen=True)
class HowLong:
    """A time that was predicted.

    program: how the learner would write the program. seconds: the prediction. took: ticks until the last of the
    *spans* ended. cut: so many more spans are left out.
    """

    program: str
    seconds: float
    took: int
    spans: tuple[Span, ...]
    right: bool
    cut: int = 0


@dataclass(frozen=True)
class InOrder:
    """Lines that were predicted, in their order.

    program: what the learner calls the program. said: what it said. differs: the first place, from 0, at which the
    two are not the same, None where they are. cut: so many more places are left out.
    """

    program: str
    lines: tuple[str, ...]
    said: tuple[Told, ...]
    differs: int | None
    cut: int = 0

    @property
    def right(self) -> bool:
        """Whether the program said what was predicted."""
        return self.differs is None


Prediction = HowLong | InOrder


def how_long(program: str, answer: object, spans: Iterable[tuple[str, float, float]]) -> HowLong | None:
    """Return the prediction of a time, or None if the learner's *answer* is no number.

    spans: (name, start, end) in seconds since the program began; those with one name are drawn in one row.
    """
    seconds = _seconds(answer)
    if seconds is None:
        return None
    every = [Span(name[:LONGEST_LINE], to_ticks(start), to_ticks(end)) for name, start, end in spans]
    took = max((span.end for span in every), default=0)
    right = abs(seconds * 1e9 - took) <= CLOSE * 1e9
    return HowLong(
        program[:LONGEST_LINE], seconds, took, tuple(every[:MOST_SPANS]), right, max(len(every) - MOST_SPANS, 0)
    )


def in_order(program: str, answer: object, said: Sequence[tuple[str, float]]) -> InOrder | None:
    """Return the prediction of lines, or None if the learner's *answer* is no list or tuple of strings, or is empty.

    said: (line, seconds since the program began), in order.
    """
    if not isinstance(answer, list | tuple) or not answer or not all(type(line) is str for line in answer):
        return None
    # Compared before anything is cut.
    places = max(len(answer), len(said))
    same = (a == b for a, (b, _) in zip(answer, said, strict=False))
    differs = next((place for place, is_same in enumerate(same) if not is_same), min(len(answer), len(said)))
    told = tuple(Told(text[:LONGEST_LINE], to_ticks(at)) for text, at in said[:MOST_LINES])
    lines = tuple(line[:LONGEST_LINE] for line in answer[:MOST_LINES])
    found = None if differs == places else differs
    return InOrder(program[:LONGEST_LINE], lines, told, found, max(places - MOST_LINES, 0))


def from_data(data: dict[str, Any] | None) -> Prediction | None:
    """Return the prediction whose fields *data* has, as `grader.verdict.to_data` writes them."""
    if data is None:
        return None
    if "said" in data:
        return InOrder(**{**data, "lines": tuple(data["lines"]), "said": tuple(Told(*told) for told in data["said"])})
    return HowLong(**{**data, "spans": tuple(Span(*span) for span in data["spans"])})


def _seconds(answer: object) -> float | None:
    # By type(): True is no time.
    if type(answer) is int:
        return float(max(min(answer, _LARGEST), -_LARGEST))
    if type(answer) is float and math.isfinite(answer):
        # A tick is the least; and nothing is -0.
        return round(max(min(answer, float(_LARGEST)), -float(_LARGEST)), 9) + 0.0
    return None
