"""What the page of a trace draws from, as JSON that may stand in HTML. It is the whole story of the rows it keeps.

Texts are made harmless here and put into the page as texts there. Times are ticks since the trace's start.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from grader.reports import harmless
from grader.timeline import Line
from grader.tracing import curve, drawing, forest, layout, telling
from grader.tracing.trace import STATES, Pause, Segment, Trace

MOST_ROWS: Final = 500
MOST_SEGMENTS: Final = 40_000  # of all rows: a page stays quick
_MOST_STEPS: Final = 4_000
_MOST_HOLDS: Final = 5_000


class Table:
    """Values in the order of their first use; each is kept once and known by its number."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        """Return the number of *value*."""
        return self._numbers.setdefault(value, len(self._numbers))

    def __contains__(self, value: object) -> bool:
        return value in self._numbers

    def __iter__(self) -> Iterator[Any]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class Data:
    """The data of one page. rows: those that are kept. lines: a number for each line that the page may show."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self.lines = Table()
        self._whats = Table()
        self._chains = Table()
        self._chains.number(())
        self.rows = forest.chosen(forest.rows(trace), MOST_ROWS)
        self._each = max(MOST_SEGMENTS // max(len(self.rows), 1), 50)
        self.crowded = False  # some tasks did more than a row can hold, and its segments were joined
        self._drawn = [self._row(row) for row in self.rows]
        holds = sorted(trace.holds(), key=lambda hold: -hold.length)[:_MOST_HOLDS]
        self._holds = sorted(
            [self._at(hold.start), self._at(hold.end), self.line(hold.line), _text(hold.why)] for hold in holds
        )

    def json(self) -> str:
        """Return all of it; no ``<`` is in it, so that nothing ends the element it stands in."""
        trace = self._trace
        steps = curve.steps(trace.operations(), trace.end)
        content = {
            "length": max(trace.elapsed, 1),
            "clock": trace.clock,
            "states": [[state, telling.DID[state]] for state in STATES],
            "woven": list(drawing.WEAVES),
            "signs": drawing.SIGNS,
            "rows": self._drawn,
            "holds": self._holds,
            "curve": [
                [self._at(step.start), step.many] for step in curve.thinned(steps, trace.start, trace.end, _MOST_STEPS)
            ],
            "peak": max((step.many for step in steps), default=0),
        }
        content["lines"] = [[_text(line.file), line.number, _text(trace.text(line))] for line in self.lines]
        content["whats"] = [_text(what) for what in self._whats]
        content["chains"] = list(self._chains)
        # ASCII only: what is not stands as \uXXXX, a lone surrogate among it.
        return json.dumps(content, separators=(",", ":")).replace("<", "\\u003c").replace(">", "\\u003e")

    def shows(self, line: Line) -> bool:
        """Return whether *line* has bars in the chart."""
        return line in self.lines

    def line(self, line: Line | None) -> int:
        """Return the number of *line*, or -1."""
        return -1 if line is None else self.lines.number(line)

    def _at(self, tick: int) -> int:
        return tick - self._trace.start

    def _row(self, row: forest.Row) -> dict[str, Any]:
        task = row.task
        # Of pauses that began at one moment the last took time.
        pauses = {pause.start: pause for pause in task.waits}
        flat: list[int] = []
        for segment in self._fewer(self._trace.segments(task)):
            flat += self._segment(segment, pauses.get(segment.start))
        last = task.waits[-1] if task.waits and task.waits[-1].end is None else None
        if last is not None and last.start == self._trace.end:
            # It began with the last moment, and is what a deadlock is about.
            flat += self._segment(Segment(last.start, last.start, last.kind, last.line, last.what, last.function), last)
        return {
            "name": _text(row.name, 100),
            "depth": row.depth,
            "from": self._at(task.start),
            "to": None if task.end is None else self._at(task.end),
            "outcome": task.outcome,
            "error": _text(task.error),
            "tail": layout.tail(task),
            "made": self.line(task.line),
            "segments": flat,
        }

    def _segment(self, segment: Segment, pause: Pause | None) -> list[int]:
        chain = () if pause is None or pause.kind != segment.state else pause.chain
        return [
            STATES.index(segment.state),
            self._at(segment.start),
            self._at(segment.end),
            self.line(segment.line),
            self._whats.number(segment.what),
            self._chains.number(tuple(self.line(step.line) for step in chain)),
        ]

    def _fewer(self, segments: Sequence[Segment]) -> Sequence[Segment]:
        if len(segments) <= self._each:
            return segments
        self.crowded = True
        size = -(-len(segments) // self._each)
        return [_joined(segments[at : at + size]) for at in range(0, len(segments), size)]


def _joined(segments: Sequence[Segment]) -> Segment:
    """Return one segment for several, of the state that took most of the time."""
    times: Counter[str] = Counter()
    for segment in segments:
        times[segment.state] += segment.end - segment.start
    state = times.most_common(1)[0][0]
    first = next(segment for segment in segments if segment.state == state)
    what = f"{first.what}, and more ({len(segments)} at once)"
    return Segment(segments[0].start, segments[-1].end, state, first.line, what, first.function)


def _text(text: str, limit: int = 300) -> str:
    return harmless.line(text, limit)
