"""Findings and notes as lines of text, laid out as the reports of exercises are. It knows no timeline."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Final

from grader.diagnosis.model import Diagnosis
from grader.reports.harmless import line as harmless
from grader.reports.rows import Row, Signs
from grader.tracing import telling

_INDENT: Final = "   "
_MEASURE: Final = re.compile(r"(\d) (s|ms|µs|ns|min|h)\b")
_LONGEST: Final = 1_000  # characters of a text


def paragraph(text: str, width: int, lead: str = _INDENT) -> Iterator[Row]:
    """Yield *text* in lines of at most *width*, the first after *lead* and the others below it."""
    # A number stays with its unit.
    bound = _MEASURE.sub("\\1\N{NO-BREAK SPACE}\\2", harmless(" ".join(text.split()), _LONGEST))
    lines = textwrap.wrap(bound, max(width - len(lead), 10)) or [""]
    for place, line in enumerate(lines):
        yield Row((lead if place == 0 else " " * len(lead)) + line.replace("\N{NO-BREAK SPACE}", " "))


def finding(found: Diagnosis, source: str, signs: Signs, width: int) -> Iterator[Row]:
    """Yield a finding: what was seen, the *source* of its line with what that does, what to try."""
    yield Row(fit(f"{signs.bad} {telling.sentence(found.title)}", width), "bad")
    yield from paragraph(found.seen, width)
    if found.line is not None:
        place = f"{_INDENT}{harmless(found.line.file, width // 2)}:{found.line.number}   "
        yield Row(fit(place + harmless(source, width), width).rstrip(), "strong")
        if found.mark:
            # Under the code where there is room for it, else from the left.
            column = len(place) if len(place) <= width // 2 else len(_INDENT) + 2
            yield from paragraph(found.mark, width, " " * column + signs.corner + " ")
    if found.hint:
        yield from paragraph(f"Try: {found.hint}", width)


def fit(text: str, width: int) -> str:
    """Return *text*, cut where it is longer than *width*."""
    return text if len(text) <= width else f"{text[: width - 3].rstrip()}..."
