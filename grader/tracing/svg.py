"""A trace as a standalone SVG document: its chart, a legend, and what was found. It finds nothing itself.

The document has a ground of its own, so that it can be read wherever it is shown, in light and in dark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from grader.diagnosis.model import Diagnosis
from grader.reports import harmless
from grader.tracing import drawing, lettering, telling
from grader.tracing.findings import findings
from grader.tracing.layout import Layout, arrange
from grader.tracing.trace import Trace

WIDTH: Final = 880
_PAD: Final = 22
_ROOM: Final = WIDTH - 2 * _PAD
_LINE: Final = 17.0
_MOST_FINDINGS: Final = 6


@lru_cache
def style() -> str:
    """Return the rules that drawings are painted by."""
    return Path(__file__).with_name("templates").joinpath("picture.css").read_text("utf-8").replace("\n", "")


def render(trace: Trace) -> str:
    """Return *trace* as an SVG document."""
    layout, seen = arrange(trace, _ROOM), findings(trace)
    pieces = [_head(trace, layout)]
    if layout.rows:
        pieces.append((drawing.chart(layout, f"({trace.clock})"), drawing.height(layout) + 16))
        pieces.append(_legend(layout))
    pieces.append(_listed(seen, trace))
    body, y = "", 0.0
    for piece, height in pieces:
        body += f'<g transform="translate({_PAD} {y:.5g})">{piece}</g>\n'
        y += height
    words = f"{telling.summary(trace, layout.peak)} " + " ".join(f"{found.title}: {found.seen}" for found in seen)
    return _document(body, round(y + _PAD), trace.script, words)


def _document(body: str, height: int, title: str, words: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="od" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
        ' role="img">\n'
        f"<title>{drawing.text(title)}</title><desc>{drawing.text(words, 2_000)}</desc><style>{style()}</style>\n"
        f"{drawing.DEFINITIONS}\n"
        f'<rect class="od-card" x=".5" y=".5" width="{WIDTH - 1}" height="{height - 1}" rx="10"/>\n'
        f"{body}</svg>\n"
    )


def _head(trace: Trace, layout: Layout) -> tuple[str, float]:
    name = lettering.cut(harmless.line(telling.basename(trace.script), 200), _ROOM - 150, 17)
    lines = [(telling.summary(trace, layout.peak, len(layout.rows)), "soft")]
    lines += [(note, "soft") for note in (telling.ended(trace), *telling.notes(trace))]
    parts, y = [drawing.label(0, 34, name, "head"), drawing.label(_ROOM, 34, f"{trace.clock} clock", "soft end")], 53
    for words, style in lines:
        for line in _lines(words, 2):
            parts.append(drawing.label(0, y, line, style))
            y += 17
    return "".join(parts), y - 53 + 49


# -- legend ------------------------------------------------------------------------------------------------


def _legend(layout: Layout) -> tuple[str, float]:
    """Return the signs that the chart uses and what they mean, in lines, with their height."""
    found, x, y = [], 0.0, 10.0
    outcomes = dict.fromkeys(place.row.task.outcome for place in layout.rows)
    entries = [(drawing.swatch(state, 0, -9), 24, words) for state, words in drawing.legend(layout)]
    entries += [(drawing.sign(outcome, 6, -4), 17, telling.OUTCOMES[outcome]) for outcome in outcomes]
    for body, room, words in entries:
        wide = room + lettering.width(words, 11)
        if x and x + wide > _ROOM:
            x, y = 0, y + _LINE
        found.append(
            f'<g transform="translate({x:.5g} {y:.5g})">{body}{drawing.label(room, 0, words, "tiny soft")}</g>'
        )
        x += wide + 13
    return "".join(found), y + 12


# -- findings ----------------------------------------------------------------------------------------------


def _listed(seen: Sequence[Diagnosis], trace: Trace) -> tuple[str, float]:
    parts, y = [], 0.0
    for found in seen[:_MOST_FINDINGS]:
        y += 14
        for body, height in _finding(found, trace):
            parts.append(f'<g transform="translate(0 {y:.5g})">{body}</g>')
            y += height
    left = len(seen) - _MOST_FINDINGS
    if left > 0:
        parts.append(drawing.label(0, y + 22, f"… and {left} more", "soft"))
        y += 26
    return "".join(parts), y


def _finding(found: Diagnosis, trace: Trace) -> Iterator[tuple[str, float]]:
    """Yield the lines of a finding, each with its height."""
    yield drawing.label(0, 14, telling.sentence(found.title), "strong"), 20
    yield from _written(telling.sentence(found.seen))
    if found.line is not None:
        yield _code(telling.place(found.line), trace.text(found.line)), 29
    if found.mark:
        yield from _written(f"└ {found.mark}", 10, "soft")
    if found.hint:
        yield from _written(f"Try: {found.hint}")


def _written(content: str, x: float = 0, style: str = "") -> Iterator[tuple[str, float]]:
    """Yield the lines of *content*; what stands between backticks, as code."""
    code = False
    for line in _lines(content, 3):
        parts = []
        for number, part in enumerate(line.split("`")):
            code ^= bool(number)
            parts.append(f'<tspan class="code">{drawing.text(part)}</tspan>' if code and part else drawing.text(part))
        yield f'<text x="{x:g}" y="12" class="{style}">{"".join(parts)}</text>', _LINE


def _lines(content: str, most: int) -> list[str]:
    return lettering.wrapped(harmless.prose(content, 500), _ROOM - 10, 12, most)


def _code(place: str, source: str) -> str:
    where = lettering.cut(harmless.line(place, 120), 200, 12, fixed=True)
    x = lettering.width(where, 12, fixed=True) + 26
    line = lettering.cut(harmless.line(source, 200), _ROOM - x - 10, 12, fixed=True)
    return (
        f'<rect class="od-code" x="0" y="3" width="{_ROOM}" height="22" rx="4"/>'
        f"{drawing.label(10, 18, where, 'code soft')}{drawing.label(x, 18, line, 'code')}"
    )
