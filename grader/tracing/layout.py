"""Where everything stands in a picture of a trace: rows, bars, bands, the curve and the axis. It writes no document.

All numbers are pixels from the upper left corner of the rows; x runs along `Layout.axis`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from grader.tracing import bands, curve, forest, lettering, scale
from grader.tracing.bands import LEAST, MOMENT, SMALL, Band, Label
from grader.tracing.trace import BLOCKING, HELD, RUNNING, Segment, Trace, TracedTask

MOST_ROWS: Final = 120
ROW: Final = 20.0
CURVE: Final = 34.0
TAIL: Final = 14.0  # the width of a wait that goes on
_TALLEST: Final = 560.0  # of all rows together
_GUTTER: Final = (64.0, 190.0)  # for the names of the rows
_RIGHT: Final = 22.0  # for outcomes at the end of the time
_INDENT: Final = 12.0
_DEEPEST: Final = 5  # rows further below stand no further in
_APART: Final = 5.0  # moments closer than that are not told apart
_MARK: Final = 78.0  # room for a mark of the axis


class Bar(NamedTuple):
    """From *x* on, *width* wide, a task did what *state* says; *segment* is None where several are drawn as one."""

    x: float
    width: float
    state: str
    segment: Segment | None


@dataclass(frozen=True)
class RowPlace:
    """A row at *y*: from *start* to *end* its task lived.

    moments: where its code ran for no time that is visible. tail: the kind of a wait that had not ended with the trace;
    it goes on to the right of the axis, since it may not even have begun a moment before.
    """

    row: forest.Row
    y: float
    start: float
    end: float
    bars: tuple[Bar, ...]
    moments: tuple[float, ...]
    tail: str = ""


@dataclass(frozen=True)
class Layout:
    """Everything's place; see the module. row: the height of one."""

    axis: scale.Axis
    row: float
    rows: tuple[RowPlace, ...]
    bands: tuple[Band, ...]
    labels: tuple[Label, ...]
    lanes: int
    steps: tuple[curve.Step, ...]
    peak: int
    marks: scale.Marks

    @property
    def height(self) -> float:
        """The height of all rows together."""
        return self.row * len(self.rows)


def arrange(trace: Trace, width: float, at_most: int = MOST_ROWS) -> Layout:
    """Return the layout of *trace* in a chart *width* wide, with *at_most* rows."""
    drawn = forest.chosen(forest.rows(trace), at_most)
    row = min(ROW, _TALLEST / max(len(drawn), 1))
    tails = any(tail(item.task) for item in drawn)
    axis = scale.Axis(_gutter(drawn, row), width - (_RIGHT + TAIL if tails else _RIGHT), trace.start, trace.end)
    held = tuple(bands.joined(trace.holds(), axis))
    labels = tuple(bands.labels(held, trace, axis))
    steps = curve.steps(trace.operations(), trace.end)
    return Layout(
        axis,
        row,
        tuple(_row(trace, item, place * row, axis) for place, item in enumerate(drawn)),
        held,
        labels,
        max((label.lane + 1 for label in labels), default=0),
        tuple(curve.thinned(steps, trace.start, trace.end, round(axis.right - axis.left))),
        max((step.many for step in steps), default=0),
        scale.marks(trace.elapsed, round((axis.right - axis.left) / _MARK)),
    )


def indent(depth: int) -> float:
    """Return how far a name stands in."""
    return min(depth, _DEEPEST) * _INDENT


def letters(row: float) -> float:
    """Return the size of the names of rows of that height."""
    return 12.0 if row >= 14 else SMALL


def _gutter(drawn: Sequence[forest.Row], row: float) -> float:
    wanted = (lettering.width(item.name, letters(row)) + indent(item.depth) + 14 for item in drawn)
    return min(max([_GUTTER[0], *wanted]), _GUTTER[1])


# -- rows --------------------------------------------------------------------------------------------------


def _row(trace: Trace, row: forest.Row, y: float, axis: scale.Axis) -> RowPlace:
    task, segments = row.task, trace.segments(row.task)
    start, end = axis.x(task.start), axis.x(trace.end if task.end is None else task.end)
    moments = _moments(segments, axis, ended=task.end is not None)
    return RowPlace(row, y, start, end, tuple(_bars(segments, axis)), tuple(_spread(moments, axis)), tail(task))


def tail(task: TracedTask) -> str:
    """Return the kind of the wait of *task* that had not ended with the trace, if it has one."""
    last = task.waits[-1] if task.waits and task.end is None else None
    return last.kind if last is not None and last.end is None else ""


def _bars(segments: Iterable[Segment], axis: scale.Axis) -> Iterator[Bar]:
    """Yield a bar for each segment that is wide enough to see, and one for each row of narrower ones."""
    crowd: list[Segment] = []
    for segment in segments:
        if axis.x(segment.end) - axis.x(segment.start) >= LEAST:
            yield from _together(crowd, axis)
            crowd = []
            yield _bar(segment.start, segment.end, segment.state, axis, segment)
            continue
        crowd.append(segment)
        if axis.x(segment.end) - axis.x(crowd[0].start) >= LEAST:
            yield from _together(crowd, axis)
            crowd = []
    yield from _together(crowd, axis)


def _together(crowd: Sequence[Segment], axis: scale.Axis) -> Iterator[Bar]:
    """Yield one bar for several segments, in the state of most of the time; none where it would not be seen."""
    if not crowd or axis.x(crowd[-1].end) - axis.x(crowd[0].start) < LEAST / 2:
        return
    times: Counter[str] = Counter()
    for segment in crowd:
        times[segment.state] += segment.end - segment.start
    [(state, _)] = times.most_common(1)
    yield _bar(crowd[0].start, crowd[-1].end, state, axis, crowd[0] if len(crowd) == 1 else None)


def _bar(start: int, end: int, state: str, axis: scale.Axis, segment: Segment | None) -> Bar:
    return Bar(axis.x(start), axis.x(end) - axis.x(start), state, segment)


def _moments(segments: Sequence[Segment], axis: scale.Axis, *, ended: bool) -> Iterator[float]:
    """Yield where the task's code ran too briefly to have a bar: on the virtual clock it always does."""
    before = None
    for segment in segments:
        x = axis.x(segment.start)
        if segment.state == RUNNING:
            if axis.x(segment.end) - x < LEAST:
                yield x
        elif before not in {RUNNING, BLOCKING} and segment.state not in {BLOCKING, HELD}:
            yield x
        before = segment.state
    if ended and before not in {None, RUNNING, BLOCKING}:
        yield axis.x(segments[-1].end)


def _spread(moments: Iterable[float], axis: scale.Axis) -> Iterator[float]:
    last = axis.left - _APART
    for x in moments:
        if x - last >= _APART:
            last = x
            yield min(max(x - MOMENT / 2, axis.left), axis.right - MOMENT)
