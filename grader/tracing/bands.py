"""The bands of a chart, where a loop was held, and what is written above them. It knows no rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from grader.timeline import Hold, Line
from grader.tracing import lettering, scale, telling
from grader.tracing.trace import Trace

LANE: Final = 16.0  # the height of a line of labels
SMALL: Final = 11.0  # the size of the letters in the chart
LEAST: Final = 1.0  # what is narrower is not seen by itself
MOMENT: Final = 1.5  # the width of what took no time that can be seen
_MOST_LANES: Final = 2
_EACH_SAID: Final = 3  # so many bands of one line have a label each
_MOST_SAID: Final = 40
_TOLD: Final = 220.0  # of a line's text, above a band


class Band(NamedTuple):
    """Across all rows: the loop was held, by these *holds* one behind the other."""

    x: float
    width: float
    holds: tuple[Hold, ...]

    @property
    def longest(self) -> Hold:
        """The longest of its holds."""
        return max(self.holds, key=lambda hold: hold.length)

    @property
    def length(self) -> int:
        """Ticks held, by all of them."""
        return sum(hold.length for hold in self.holds)


class Label(NamedTuple):
    """What is written about a band, in *lane* from 0, from *x* on."""

    x: float
    lane: int
    text: str
    band: Band


def joined(holds: Sequence[Hold], axis: scale.Axis) -> Iterator[Band]:
    """Yield a band for each hold, and one for each row of holds that a reader could not tell apart."""
    near: list[Hold] = []
    end = 0
    for hold in holds:
        if near and axis.x(hold.start) - axis.x(end) >= LEAST:
            yield _band(near, axis)
            near = []
        end = max(end, hold.end) if near else hold.end
        near.append(hold)
    if near:
        yield _band(near, axis)


def _band(holds: Sequence[Hold], axis: scale.Axis) -> Band:
    x, end = axis.x(holds[0].start), axis.x(max(hold.end for hold in holds))
    width = max(end - x, MOMENT)
    return Band(min(x, axis.right - width), width, tuple(holds))


def labels(bands: Sequence[Band], trace: Trace, axis: scale.Axis) -> Iterator[Label]:
    """Yield what is written above bands: for the longest first, as long as there is room."""
    taken: list[tuple[float, float, int]] = []
    for band, holds in _said(bands):
        text = lettering.cut(told(holds, trace), (axis.right - axis.left) * 0.6, SMALL)
        room = lettering.width(text, SMALL)
        x = min(max(band.x + band.width / 2 - room / 2, axis.left), axis.right - room)
        free = (
            lane
            for lane in range(_MOST_LANES)
            if all(used != lane or x + room + 8 <= a or b + 8 <= x for a, b, used in taken)
        )
        lane = next(free, None)
        if lane is not None:
            taken.append((x, x + room, lane))
            yield Label(x, lane, text, band)


def _said(bands: Sequence[Band]) -> Iterator[tuple[Band, tuple[Hold, ...]]]:
    """Yield the bands that are to be labelled, by length, each with the holds that its label tells of.

    Of many bands of one line the longest speaks for all of them.
    """
    lines: defaultdict[Line | None, list[Band]] = defaultdict(list)
    for band in sorted(bands, key=lambda band: -band.length):
        lines[band.longest.line].append(band)
    said = []
    for alike in lines.values():
        if len(alike) > _EACH_SAID:
            said.append((alike[0], tuple(hold for band in alike for hold in band.holds)))
        else:
            said += [(band, band.holds) for band in alike]
    yield from sorted(said, key=lambda item: -sum(hold.length for hold in item[1]))[:_MOST_SAID]


def told(holds: Sequence[Hold], trace: Trace) -> str:
    """Return what held the loop, where, and how long in all; of holds by several lines the longest is named."""
    longest = max(holds, key=lambda hold: hold.length)
    text = trace.text(longest.line) or longest.why
    if lettering.width(text, SMALL) > _TOLD:
        text = longest.why or lettering.cut(text, _TOLD, SMALL)
    if len(holds) > 1:
        same = all(hold.line == longest.line for hold in holds)
        text = f"{len(holds):,} \N{MULTIPLICATION SIGN} {text}" if same else f"{text} and {len(holds) - 1:,} more"
    where = telling.place(longest.line) if longest.line else ""
    return " · ".join(filter(None, (text, where, scale.words(sum(hold.length for hold in holds)))))
