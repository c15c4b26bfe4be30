"""A prediction laid over what really happened, as SVG in the manner of `grader.reports.svg`. It knows no page.

What is shown, and how it is put into words, is as in `grader.reports.predictions`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Final

from grader.prediction import HowLong, InOrder, Prediction, Span
from grader.reports import harmless
from grader.reports.predictions import FARTHEST, LANES, Place, Places, in_seconds
from grader.reports.svg import WIDTH, Figure
from grader.ticks import to_seconds

_GUTTER: Final = 88  # for the names of the rows
_BARS: Final = WIDTH - _GUTTER - 12
_HEAD: Final = 22  # for what is drawn
_ROW: Final = 15
_THICK: Final = 11
_TOP: Final = 20  # of the first row
_LETTER: Final = 6.6  # the width of one, about: half of the wide ones are narrower
_TICKS: Final = 10  # numbers on the axis, at most
_GAP: Final = 1  # between bars that touch


def figure(prediction: Prediction) -> Figure:
    """Return *prediction* drawn."""
    drawn = _time(prediction) if isinstance(prediction, HowLong) else _order(prediction)
    verdict = "as you predicted" if prediction.right else "not as you predicted"
    head = _text(0, 11, f"{harmless.line(prediction.program, 55)}: {verdict}", "h")
    body = f'{head}<g transform="translate(0 {_HEAD})">{drawn.body}</g>'
    return Figure(body, f"{drawn.words} That is {verdict}.", drawn.height + _HEAD)


# -- a time --------------------------------------------------------------------------------------------------


def _time(prediction: HowLong) -> Figure:
    took, foretold = to_seconds(prediction.took), prediction.seconds
    end = took if foretold > FARTHEST * took > 0 else max(took, foretold)
    lanes: dict[str, list[Span]] = {}
    for span in prediction.spans:
        lanes.setdefault(span.name, []).append(span)
    bottom = _TOP + _ROW * min(len(lanes), LANES)
    parts = []
    for row, name in enumerate(list(lanes)[:LANES]):
        top = _TOP + row * _ROW
        parts.append(_text(_GUTTER - 8, top + 9, name, "l", 13) + _bars(lanes[name], top, end))
    if len(lanes) > LANES:
        bottom += _ROW
        parts.append(_text(_GUTTER, bottom - 5, f"and {len(lanes) - LANES:,} more rows"))
    parts = [_axis(end, bottom), *parts, _foretold(foretold, end, bottom)]
    parts.append(
        _line(_x(took, end), bottom + 16, 6, "k") + _beside(_x(took, end), bottom + 34, f"it took {in_seconds(took)}")
    )
    words = f"You predicted {in_seconds(foretold)}; it took {in_seconds(took)}."
    return Figure("".join(parts), words, bottom + 42)


def _x(seconds: float, end: float) -> float:
    return round(_GUTTER + (min(max(seconds / end, 0.0), 1.0) * _BARS if end > 0 else 0), 1)


def _bars(spans: Sequence[Span], top: float, end: float) -> str:
    spans = sorted((span for span in spans if span.end > span.start), key=lambda span: span.start)
    touching = {before.end for before, after in pairwise(spans) if before.end == after.start}
    path = []
    for span in spans:
        left, right = _x(to_seconds(span.start), end), _x(to_seconds(span.end), end)
        # What is too short for a gap has none.
        gap = _GAP if span.end in touching and right - left > 3 * _GAP else 0
        path.append(f"M{left:g} {top}h{max(right - left - gap, 0.8):.4g}v{_THICK}H{left:g}z")
    return f'<path class="tl-y" d="{"".join(path)}"/>' if path else ""


def _axis(end: float, bottom: float) -> str:
    parts = [_text(0, bottom + 13, "seconds")]
    if end <= 0:
        return parts[0] + _text(_GUTTER, bottom + 13, "0", "m")
    power = 10.0 ** math.floor(math.log10(end / _TICKS))
    step = next(number * power for number in (1, 2, 5, 10) if end / (number * power) <= _TICKS)
    for number in range(int(end / step + 1e-9) + 1):
        x = _x(number * step, end)
        parts.append(f'<path class="tl-g" d="M{x:g} 16V{bottom}"/>' + _beside(x, bottom + 13, f"{number * step:.12g}"))
    return "".join(parts)


def _foretold(seconds: float, end: float, bottom: float) -> str:
    words = f"you: {in_seconds(seconds)}"
    if seconds < 0:
        return _text(_GUTTER, 10, f"← {words}")
    if seconds > end:
        return _text(WIDTH - 12, 10, f"{words} →", "l")
    return _line(_x(seconds, end), 13, bottom - 13, "i") + _beside(_x(seconds, end), 10, words)


def _line(x: float, top: float, height: float, style: str) -> str:
    return f'<rect class="tl-{style}" x="{x - 1:g}" y="{top:g}" width="2" height="{height:g}"/>'


def _beside(x: float, y: float, words: str) -> str:
    """Return words in the middle of *x*, or as near to it as there is room."""
    half = len(words) * _LETTER / 2
    if x - half < 0:
        return _text(0, y, words)
    return _text(WIDTH, y, words, "l") if x + half > WIDTH else _text(x, y, words, "m")


# -- an order ------------------------------------------------------------------------------------------------


def _order(prediction: InOrder) -> Figure:
    places = Places.of(prediction)
    parts, top = [], 14
    if places.before:
        parts.append(_text(_GUTTER, top, f"the first {places.before} are the same"))
        top += 18
    for block, differs in places.blocks(int(_BARS / _LETTER)):
        parts += _block(block, differs, top)
        top += 56 if differs is None else 74
    if places.note:
        parts.append(_text(_GUTTER, top, places.note))
        top += 18
    return Figure("".join(parts), _words(prediction), top - 4)


def _block(block: Sequence[Place], differs: int | None, top: float) -> Iterator[str]:
    for row, label in enumerate(("predicted", "said", "at")):
        yield f'<text class="tl-{"n" if row == 2 else "h"}" x="0" y="{top + row * 17}">{label}</text>'
    x = float(_GUTTER)
    for number, place in enumerate(block):
        wide = place.columns * _LETTER
        if number == differs:
            yield f'<rect class="tl-i" x="{x - 4:g}" y="{top - 12:g}" width="{wide + 8:g}" height="34"/>'
            yield _beside(x + wide / 2, top + 51, "the first that differs")
        for row, text in enumerate(place):
            yield _text(x, top + row * 17, text)
        x = round(x + wide + 3 * _LETTER, 1)


def _words(prediction: InOrder) -> str:
    predicted = ", ".join(prediction.lines)
    said = ", ".join(f"{told.text} (at {in_seconds(to_seconds(told.at))})" for told in prediction.said)
    return harmless.line(f"You predicted: {predicted}.", 300) + " " + harmless.line(f"It said: {said}.", 600)


def _text(x: float, y: float, text: str, style: str = "n", limit: int = 80) -> str:
    return f'<text class="tl-{style}" x="{x:g}" y="{y:g}">{escape(harmless.line(text, limit))}</text>'
