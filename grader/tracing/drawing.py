"""The chart of a trace as SVG elements: curve, bands, rows and axis. It knows no page around it and chooses nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from grader.reports import harmless
from grader.tracing import forest, lettering, scale, telling
from grader.tracing.bands import LANE, SMALL
from grader.tracing.layout import CURVE, TAIL, Bar, Layout, RowPlace, indent, letters
from grader.tracing.trace import HELD, RUNNING, STATES, TASK

# A second signal beside the colour: how a bar is woven. A wait for tasks is a thin line, one that is held is hollow.
WEAVES: Final = {
    "network": '<path class="od-weave" d="M-2 8L8-2M2 12L12 2" stroke-width="2"/>',
    "signal": '<path class="od-dots" d="M1 1h2v2h-2zM6 4h2v2h-2zM1 7h2v2h-2z"/>',
    "thread": '<path class="od-weave" d="M2.5 0V10M7.5 0V10" stroke-width="1.6"/>',
    "other": '<path class="od-weave" d="M0 0L10 10M10 0L0 10" stroke-width="1.6"/>',
    "blocking": '<path class="od-weave" d="M-2 2L8 12M2-2L12 8" stroke-width="2"/>',
}
SIGNS: Final = {
    "done": "M-4 .5l2.6 2.8L4-3.4",
    "failed": "M-3.2-3.2l6.4 6.4M3.2-3.2l-6.4 6.4",
    "cancelled": "M3.6 0a3.6 3.6 0 1 1-7.2 0a3.6 3.6 0 1 1 7.2 0M-2.5 2.5l5-5",
    "pending": "M-4 0h8M1-3l3 3l-3 3",
}
_SIGNED: Final = 7.0  # a row of this height has room for an outcome's sign
_GAP: Final = 10.0
DEFINITIONS: Final = (
    "<defs>"
    + "".join(
        f'<pattern id="od-{state}" width="10" height="10" patternUnits="userSpaceOnUse">'
        f'<path class="od-{state}" d="M0 0h10v10h-10z"/>{weave}</pattern>'
        for state, weave in WEAVES.items()
    )
    + '<pattern id="od-band" width="8" height="8" patternUnits="userSpaceOnUse">'
    '<path class="od-band" d="M0 0h8v8h-8z"/><path class="od-hatch" d="M-2 2L2-2M0 8L8 0M6 10L10 6"/></pattern></defs>'
)


def text(content: str, limit: int = 300) -> str:
    """Return *content* on one line, fit for XML."""
    return escape(harmless.line(content, limit))


def label(x: float, y: float, content: str, style: str = "") -> str:
    """Return a text element."""
    return f'<text x="{x:.5g}" y="{y:.5g}"{_class(style)}>{text(content)}</text>'


def _class(style: str) -> str:
    return f' class="{style}"' if style else ""


def height(layout: Layout) -> float:
    """Return the height of the chart of *layout*."""
    return _rows_top(layout) + layout.height + 26


def _rows_top(layout: Layout) -> float:
    curve = CURVE + _GAP if layout.steps else 0
    return curve + layout.lanes * LANE + (4 if layout.lanes else 0)


def chart(layout: Layout, unit_note: str) -> str:
    """Return the chart; *unit_note* names the clock beside the axis."""
    top = _rows_top(layout)
    rows = "".join(_row(place, layout.row) for place in layout.rows)
    return "".join(
        (
            _axis(layout, top, unit_note),
            _curve(layout),
            f'<g transform="translate(0 {top:.5g})">{_lives(layout)}{_bands(layout, -3)}{_bars(layout)}{rows}</g>',
            _names(layout, top),
            _labels(layout, top),
        )
    )


def _axis(layout: Layout, top: float, unit_note: str) -> str:
    bottom = top + layout.height + 4
    axis, marks = layout.axis, layout.marks
    found, lines = [], []
    for mark in marks.marks:
        x = axis.x(axis.start + mark.ticks)
        lines.append(f"M{x:.6g} 0V{bottom:.6g}")
        found.append(label(x, bottom + 14, mark.label, "tiny soft mid"))
    note = label(0, bottom + 14, f"{marks.unit} {unit_note}".strip(), "tiny soft")
    return f'<path class="od-grid" d="{"".join(lines)}"/>{"".join(found)}{note}'


def _curve(layout: Layout) -> str:
    if not layout.steps:
        return ""
    high, axis = (CURVE - 12) / max(layout.peak, 1), layout.axis
    path = f"M{axis.left:.6g} {CURVE:g}"
    for step in layout.steps:
        path += f"H{axis.x(step.start):.6g}V{CURVE - step.many * high:.5g}"
    path += f"H{axis.right:.6g}"
    highest = next(step for step in layout.steps if step.many == layout.peak)
    words = f"at most {layout.peak:,}"
    x = min(axis.x(highest.start), axis.right - lettering.width(words, SMALL))
    return (
        f'<path class="od-area" d="{path}V{CURVE:g}z"/><path class="od-step" d="{path}"/>'
        f"{label(0, CURVE - 2, 'in flight', 'tiny soft')}{label(x, 8, words, 'tiny')}"
    )


def _lives(layout: Layout) -> str:
    thick = _thick(layout.row)
    path = "".join(
        _box(place.start, place.y + (layout.row - thick) / 2, max(place.end - place.start, 1.5), thick)
        for place in layout.rows
    )
    return f'<path class="od-life" d="{path}"/>'


def _box(x: float, y: float, wide: float, high: float) -> str:
    return f"M{x:.6g} {y:.5g}h{wide:.5g}v{high:.4g}h-{wide:.5g}z"


def _thick(row: float) -> float:
    return round(row * (0.64 if row > 12 else 0.74), 2)


def _bars(layout: Layout) -> str:
    """Return one path for all bars of a state, moments among those of running code."""
    paths: dict[str, list[str]] = {state: [] for state in STATES}
    for place in layout.rows:
        for bar in place.bars:
            paths[bar.state].append(_bar(bar, place.y, layout.row))
        if place.tail:
            paths[place.tail].append(_bar(Bar(layout.axis.right, TAIL, place.tail, None), place.y, layout.row))
        thick = _thick(layout.row)
        paths[RUNNING] += (_box(x, place.y + (layout.row - thick) / 2 - 0.5, 1.5, thick + 1) for x in place.moments)
    return "".join(
        f'<path class="od-{state}"{_woven(state)} d="{"".join(path)}"/>' for state, path in paths.items() if path
    )


def _woven(state: str) -> str:
    return f' style="fill:url(#od-{state})"' if state in WEAVES else ""


def _bar(bar: Bar, y: float, row: float) -> str:
    thick = _thick(row)
    if bar.state == TASK:
        thick = max(round(thick / 5, 2), 1)
    # A gap, so that one wait behind another is not taken for one.
    gap = 0.5 if bar.width > 4 else 0
    if bar.state == HELD and thick > 4:
        return _box(bar.x + 0.5, y + (row - thick) / 2 + 0.5, max(bar.width - 1, 0.5), thick - 1)
    return _box(bar.x + gap, y + (row - thick) / 2, bar.width - 2 * gap, thick)


def _row(place: RowPlace, row: float) -> str:
    """Return what is written into a row's bars, and the sign of its outcome."""
    found = list(_written(place, row)) if row >= 16 else []
    outcome = place.row.task.outcome
    x, y = place.end + 10 + (TAIL if place.tail else 0), place.y + row / 2
    if row >= _SIGNED and outcome in SIGNS:
        size = "" if row >= 14 else f" scale({row / 16:.3g})"
        found.append(f'<path class="od-{outcome}" transform="translate({x:.6g} {y:.5g}){size}" d="{SIGNS[outcome]}"/>')
    elif outcome in {"failed", "pending"}:
        found.append(f'<path class="od-{outcome}" d="M{x - 7:.6g} {y:.5g}h3"/>')
    return "".join(found)


def _written(place: RowPlace, row: float) -> Iterator[str]:
    for bar in place.bars:
        if bar.segment is None or bar.state in {TASK, HELD, RUNNING}:
            continue
        length = scale.words(bar.segment.end - bar.segment.start)
        for words in (f"{bar.segment.what}  {length}".strip(), length):
            if lettering.width(words, 10.5) + 10 <= bar.width:
                yield _ground(bar, words, place.y, row)
                yield label(bar.x + 6, place.y + row / 2 + 3.7, words, f"in in-{bar.state}")
                break


def _ground(bar: Bar, words: str, y: float, row: float) -> str:
    """Return a plain ground for *words* on a woven bar."""
    if bar.state not in WEAVES:
        return ""
    thick = _thick(row)
    wide = min(lettering.width(words, 10.5) + 8, bar.width - 3)
    return f'<path class="od-{bar.state}" d="{_box(bar.x + 1.5, y + (row - thick) / 2, wide, thick)}"/>'


def _bands(layout: Layout, top: float) -> str:
    bottom = layout.height + 4
    boxes = "".join(_box(band.x, top, band.width, bottom - top) for band in layout.bands)
    edges = "".join(
        f"M{band.x:.6g} {top:g}V{bottom:.6g}" + (f"m{band.width:.5g} 0V{top:g}" if band.width > 3 else "")
        for band in layout.bands
    )
    if not boxes:
        return ""
    return f'<path style="fill:url(#od-band)" d="{boxes}"/><path class="od-edge" d="{edges}"/>'


def _labels(layout: Layout, top: float) -> str:
    return "".join(
        label(item.x, top - 8 - (layout.lanes - 1 - item.lane) * LANE, item.text, "on-band") for item in layout.labels
    )


def _names(layout: Layout, top: float) -> str:
    """Return the names of the rows; of rows too thin for theirs, as many as have room."""
    found = []
    size = letters(layout.row)
    for index in forest.named([place.row for place in layout.rows], math.ceil((size + 1) / layout.row)):
        place = layout.rows[index]
        x, y = indent(place.row.depth), top + place.y + layout.row / 2
        name = lettering.cut(harmless.line(place.row.name, 100), layout.axis.left - x - 10, size)
        found.append(label(x, y + 4, name, "" if size > 11 else "tiny"))
    return "".join(found)


def swatch(state: str, x: float, y: float) -> str:
    """Return a little bar of *state* for a legend, 18 wide and 10 high."""
    if state == TASK:
        return f'<path class="od-task" d="{_box(x, y + 4, 18, 2)}"/>'
    if state == RUNNING:
        return f'<path class="od-running" d="{_box(x + 7, y - 1, 3, 12)}"/>'
    return f'<path class="od-{state}"{_woven(state)} d="{_box(x, y, 18, 10)}"/>'


def sign(outcome: str, x: float, y: float) -> str:
    """Return the sign of *outcome* with its centre there."""
    return f'<path class="od-{outcome}" transform="translate({x:.6g} {y:.5g})" d="{SIGNS[outcome]}"/>'


def legend(layout: Layout) -> Iterable[tuple[str, str]]:
    """Return the states that the chart of *layout* shows, each with its words, in the order of legends."""
    shown = {bar.state for place in layout.rows for bar in place.bars} | {place.tail for place in layout.rows}
    words = dict(telling.STATES)
    if RUNNING not in shown and any(place.moments for place in layout.rows):
        shown.add(RUNNING)
        words[RUNNING] = telling.MOMENT
    return [(state, words[state]) for state in STATES if state in shown]
