"""A timeline as SVG: what happened above the ideal, on one scale. It knows no page and no verdict.

`figure` gives the drawing without its frame, for a page that shows many and shares one style (`STYLE`, or
`ON_WHITE` where the ground is always white);
`render` gives a whole SVG document that stands by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from grader.diagnosis.model import amount, delays
from grader.reports import harmless
from grader.timeline import Operation, Picture, peak

WIDTH: Final = 520
_GUTTER: Final = 88  # for the names of the rows
_BARS: Final = WIDTH - _GUTTER - 12
_NAMED: Final = 8  # so many rows have room for their names
_DRAWN: Final = 50  # so many rows at most; of more, an even choice
_TALLEST: Final = 110  # of the rows of one half
_ROW: Final = 15
_STEPS: Final = (1, 2, 5)

# Vermilion and blue, after Okabe and Ito: every kind of colour vision tells them apart; and the ideal is hollow. A page
# draws through <use>, whose contents know no ancestors: a rule for them must name one class only.
_COLOURS: Final = (
    ".tl{--tl-y:#b8480a;--tl-i:#0067a6;--tl-k:#222;--tl-t:#333;--tl-g:#d9d6cf;font:12px system-ui,sans-serif}"
)
_IN_THE_DARK: Final = (
    "@media(prefers-color-scheme:dark){.tl{--tl-y:#f0894a;--tl-i:#66b8e8;--tl-k:#eee;--tl-t:#d0d0d0;--tl-g:#454a50}}"
)
_RULES: Final = (
    ".tl-h,.tl-n,.tl-l,.tl-m{fill:var(--tl-t)}.tl-h{font-weight:600}.tl-n,.tl-l,.tl-m{font-size:11px}"
    ".tl-l{text-anchor:end}.tl-m{text-anchor:middle}.tl-g{stroke:var(--tl-g)}"
    ".tl-y{fill:var(--tl-y)}.tl-k{fill:var(--tl-k)}.tl-i{fill:var(--tl-i);fill-opacity:.3;stroke:var(--tl-i)}"
)
STYLE: Final = _COLOURS + _IN_THE_DARK + _RULES
ON_WHITE: Final = _COLOURS + _RULES


@dataclass(frozen=True)
class Figure:
    """A drawing: *body* is its SVG elements in a box of *width* by *height*; *words* say the same without it."""

    body: str
    words: str
    height: int
    width: int = WIDTH


@dataclass(frozen=True)
class _Scale:
    start: int
    end: int
    delay: int

    def x(self, tick: int) -> float:
        part = (min(max(tick, self.start), self.end) - self.start) / max(self.end - self.start, 1)
        return round(_GUTTER + part * _BARS, 1)


def render(picture: Picture, title: str) -> str:
    """Return *picture* as an SVG document."""
    return document(figure(picture), title)


def document(drawn: Figure, title: str, *, on_white: bool = False) -> str:
    """Return a drawing as an SVG document; *on_white*, on a ground of its own, whatever the reader's colours are."""
    ground, style = (' style="background:#fff"', ON_WHITE) if on_white else ("", STYLE)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tl" viewBox="0 0 {drawn.width} {drawn.height}" role="img"'
        f"{ground}><title>{_text(title)}</title><desc>{_text(drawn.words)}</desc><style>{style}</style>"
        f"{drawn.body}</svg>\n"
    )


def figure(picture: Picture, whose: str = "theirs") -> Figure:
    """Return *picture* drawn; of many operations an even choice, the first and the last among them.

    whose: what the operations are called that happened.
    """
    end = max([picture.end, *(op.end or 0 for op in picture.yours)])
    scale = _Scale(picture.start, end, max(picture.delay, 1))
    count = len(picture.yours)
    chosen = _choice(count)
    height = _row_height(len(chosen)) * len(chosen)
    parts, top = [_axis(scale, 2 * height + 48)], 18
    for label, operations, style in ((whose, picture.yours, "y"), ("ideal", picture.ideal, "i")):
        rows = [operations[index] for index in chosen if index < len(operations)]
        took = _took(scale) if style == "y" else _length(scale, operations)
        parts.append(f'<text class="tl-h" x="0" y="{top - 5}">{label}</text>{_note(scale, operations, took, top)}')
        parts.append(_names(chosen, rows, top) + _bars(rows, scale, top, style, end))
        top += round(height) + 24
    return Figure("".join(parts), _words(picture, scale, whose), round(2 * height) + 70)


def _choice(count: int) -> list[int]:
    if count <= _DRAWN:
        return list(range(count))
    return sorted({round(place * (count - 1) / (_DRAWN - 1)) for place in range(_DRAWN)})


def _row_height(rows: int) -> float:
    return min(_ROW, _TALLEST / max(rows, 1))


def _bars(rows: Sequence[Operation], scale: _Scale, top: int, style: str, end: int) -> str:
    """Return one path for all bars of a kind: a rectangle each would make a page of a class several times as large."""
    step = _row_height(len(rows))
    thick = round(step * (0.72 if step > 4 else 0.8), 1)
    paths: dict[str, list[str]] = {}
    for place, operation in enumerate(rows):
        left = scale.x(operation.start)
        wide = max(1.5, scale.x(end if operation.end is None else operation.end) - left)
        kind = "k" if operation.kind == "hold" and style == "y" else style
        paths.setdefault(kind, []).append(f"M{left:g} {top + place * step:.4g}h{wide:.4g}v{thick:g}h-{wide:.4g}z")
    return "".join(f'<path class="tl-{kind}" d="{"".join(path)}"/>' for kind, path in paths.items())


def _names(chosen: Sequence[int], rows: Sequence[Operation], top: int) -> str:
    """Return the names of the rows; of many rows the numbers of the first and the last."""
    step = _row_height(len(rows))
    if len(rows) <= _NAMED:
        return "".join(
            f'<text class="tl-l" x="{_GUTTER - 8}" y="{top + place * step + 9:g}">{_text(_name(op), 13)}</text>'
            for place, op in enumerate(rows)
        )
    first, last = top + 8, top + step * len(rows)
    return "".join(
        f'<text class="tl-l" x="{_GUTTER - 8}" y="{y:g}">#{number + 1}</text>'
        for number, y in ((chosen[0], first), (chosen[-1], last))
    )


def _name(operation: Operation) -> str:
    # Of an address the last part tells requests apart.
    return operation.name.rstrip("/").rsplit("/", 1)[-1] if operation.kind == "request" else operation.name


def _note(scale: _Scale, operations: Sequence[Operation], took: str, top: int) -> str:
    drawn = min(len(operations), _DRAWN)
    text = f"{took}, at most {peak(operations, scale.end)} at once"
    if drawn < len(operations):
        text += f" ({drawn} of {len(operations):,} drawn)"
    return f'<text class="tl-l" x="{WIDTH - 12}" y="{top - 5}">{text}</text>'


def _axis(scale: _Scale, bottom: float) -> str:
    """Return the lines of the time axis, in delays, at most ten."""
    units = max(scale.end - scale.start, 1) / scale.delay
    step = next(step * 10.0**power for power in range(-3, 20) for step in _STEPS if units / (step * 10.0**power) <= 10)
    parts = []
    for number in range(int(units / step + 1e-9) + 1):
        x = scale.x(scale.start + round(number * step * scale.delay))
        parts.append(f'<path class="tl-g" d="M{x:g} 14V{bottom - 4:g}"/>')
        parts.append(f'<text class="tl-m" x="{x:g}" y="{bottom + 9:g}">{amount(number * step)}</text>')
    return f'{"".join(parts)}<text class="tl-n" x="0" y="{bottom + 9:g}">delays</text>'


def _took(scale: _Scale) -> str:
    # All of it: a program may wait for something else when its operations have ended.
    return delays((scale.end - scale.start) / scale.delay)


def _length(scale: _Scale, operations: Sequence[Operation]) -> str:
    first = min((op.start for op in operations), default=scale.start)
    last = max((scale.end if op.end is None else op.end for op in operations), default=first)
    return delays((last - first) / scale.delay)


def _words(picture: Picture, scale: _Scale, whose: str) -> str:
    at_once = peak(picture.yours, scale.end)
    return (
        f"{len(picture.yours)} operations. "
        f"{whose.capitalize()} took {_took(scale)}, with at most {at_once} at once. "
        f"The ideal takes {_length(scale, picture.ideal)}, with {peak(picture.ideal, scale.end)} at once."
    )


def _text(text: str, limit: int = 300) -> str:
    return escape(harmless.line(text, limit))
