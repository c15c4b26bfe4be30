"""A trace as lines of text for a terminal or a log, of any width from 60 columns. It knows no process and no stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from grader.reports.harmless import line as harmless
from grader.reports.rows import UNICODE, Row, Signs
from grader.tracing import forest, scale, telling
from grader.tracing.findings import findings
from grader.tracing.prose import finding, fit, paragraph
from grader.tracing.trace import BLOCKING, HELD, NETWORK, OTHER, RUNNING, SIGNAL, SLEEP, TASK, THREAD, Trace, TracedTask

NARROWEST: Final = 60
MOST_ROWS: Final = 24
BARS: Final = "bars"  # the style of rows that `painted` gives colours to
_WAITERS: Final = 4
_NAMES: Final = 28  # columns for the names of tasks, at most
_DEEPEST: Final = 4
_MARK: Final = 10  # columns from one mark of the axis to the next, at least
MOMENT: Final = "moment"
_SHOWN: Final = (SLEEP, NETWORK, THREAD, SIGNAL, TASK, OTHER, RUNNING, MOMENT, BLOCKING, HELD)
_STATES: Final = {**telling.STATES, MOMENT: "its code ran for a moment"}
# Told apart by their shape: not every terminal has colours, nor every reader.
_PICTURES: Final = dict(zip(_SHOWN, "░▒≡:·~━│█x", strict=True))
_LETTERS: Final = dict(zip(_SHOWN, "o@%:.~=|#x", strict=True))
_COLOURS: Final = {**dict.fromkeys("█#", "1;31"), **dict.fromkeys("│|", "1"), "·": "2"}
_OUTCOMES: Final = {"failed": "!", "cancelled": "/", "pending": ">"}
_ENDED: Final = {
    "interrupted": "Stopped with Ctrl-C{waiting}.",
    "exit": "It ended with sys.exit, exit code {code}.",
}


def render(trace: Trace, width: int = 80, signs: Signs = UNICODE) -> list[Row]:
    """Return the timeline of *trace*, what can be seen in it and what is to be said about it, no line over *width*."""
    width = max(width, NARROWEST)
    rows = [Row(f"{fit(harmless(trace.script), width - 20)}   {trace.clock} clock", "strong")]
    if trace.tasks:
        rows += paragraph(telling.summary(trace, trace.in_flight()), width)
        rows += [Row(""), *_timeline(trace, width, signs)]
    elif trace.ending.how in {"done", "exit"}:
        rows += paragraph(_EMPTY if trace.runs else _FOREIGN if trace.notes else _NO_LOOP, width)
    ending = _ENDED.get(trace.ending.how)
    if ending:
        rows += [Row(""), *paragraph(ending.format(code=trace.ending.code, waiting=_interrupted(trace)), width)]
    for found in findings(trace):
        rows += [Row(""), *finding(found, trace.text(found.line), signs, width)]
    notes = telling.notes(trace)
    rows += [Row("")] if notes else []
    return [*rows, *(row for note in notes for row in paragraph(f"Note: {note}", width))]


def _interrupted(trace: Trace) -> str:
    """Return who was waiting where when the program was interrupted, those that waited for others left out."""
    last = [(task, task.waits[-1]) for task in trace.tasks if task.waits and task.outcome in {"cancelled", "pending"}]
    found = [
        f"{task.coroutine}() at line {pause.line.number}" for task, pause in last if pause.line and pause.kind != TASK
    ]
    shown = list(dict.fromkeys(found))
    more = f" and {len(shown) - _WAITERS} more" if len(shown) > _WAITERS else ""
    return f" while these waited: {', '.join(shown[:_WAITERS])}{more}" if shown else ""


_EMPTY: Final = "An event loop ran, but no task of yours in it."
_FOREIGN: Final = "There is no timeline."
_NO_LOOP: Final = (
    "No event loop of asyncio's ran, so there is no timeline: the program never called asyncio.run, or it ended before."
)


# -- the timeline ------------------------------------------------------------------------------------------


def _timeline(trace: Trace, width: int, signs: Signs) -> Iterator[Row]:
    """Yield the axis, a row for each task, and what the signs in them mean."""
    everyone, shapes = forest.rows(trace), _PICTURES if signs == UNICODE else _LETTERS
    chosen = forest.chosen(everyone, MOST_ROWS)
    names = ["  " * min(row.depth, _DEEPEST) + harmless(row.name, 60) for row in chosen]
    gutter = min(max(len(name) for name in names), _NAMES, width // 3)
    room = width - gutter - 5
    yield from (Row(" " * (gutter + 2) + text, "quiet") for text in _axis(trace, room))
    bars = [_bar(trace, row.task, room, shapes) for row in chosen]
    for row, name, bar in zip(chosen, names, bars, strict=True):
        sign = _OUTCOMES.get(row.task.outcome, "")
        yield Row(f" {_fit(name, gutter):<{gutter}} {bar}{sign and ' ' + sign}", BARS)
    if len(chosen) < len(everyone):
        yield Row(f" {signs.dots} {len(everyone) - len(chosen):,} more tasks", "quiet")
    yield Row("")
    outcomes = {row.task.outcome for row in chosen}
    words = [f"{sign} {_STATES[state]}" for state, sign in shapes.items() if any(sign in bar for bar in bars)]
    words += [f"{sign} {telling.OUTCOMES[outcome]}" for outcome, sign in _OUTCOMES.items() if outcome in outcomes]
    yield from _legend(words, width)


def _axis(trace: Trace, room: int) -> tuple[str, str]:
    """Return the labels of the time axis, and its marks."""
    if not trace.elapsed:
        return "0 s", "+"
    marks = scale.marks(trace.elapsed, max(room // _MARK, 1))
    labels, line = [" "] * (room + 3), ["-"] * room
    for place, mark in enumerate(marks.marks):
        at = min(round(mark.ticks / max(trace.elapsed, 1) * room), room - 1)
        text = mark.label if place else f"{mark.label} {marks.unit}"
        start = min(max(at - len(mark.label) // 2, 0), room + 3 - len(text))
        labels[start : start + len(text)] = text
        line[at] = "+"
    return "".join(labels).rstrip(), "".join(line)


def _bar(trace: Trace, task: TracedTask, room: int, signs: dict[str, str]) -> str:
    """Return what *task* did: for each column what it did for most of that time.

    A moment in which its code ran is shown between two waits, where there is room for that.
    """
    width = max(trace.elapsed, 1) / room
    times: list[dict[str, float]] = [{} for _ in range(room)]
    for segment in trace.segments(task):
        start, end = (segment.start - trace.start) / width, (segment.end - trace.start) / width
        for column in range(min(int(start), room - 1), min(int(end), room - 1) + 1):
            part = min(end, column + 1) - max(start, column)
            if part > 0:
                times[column][segment.state] = times[column].get(segment.state, 0) + part
    cells = [_most(time, signs) for time in times]
    if all(cell == " " for cell in cells):
        # It lived for less than half a column.
        column = min(int((task.start - trace.start) / width), room - 1)
        cells[column] = signs[max(times[column], key=lambda state: times[column][state], default=RUNNING)]
    for at in _moments(trace, task, width):
        if 0 < at < room - 1 and cells[at - 1] == cells[at] == cells[at + 1] != " ":
            cells[at] = signs[MOMENT]
    if task.waits and task.waits[-1].end is None:
        # However short it was: it would have gone on.
        last = max(column for column, cell in enumerate(cells) if cell != " ")
        cells[last] = signs[task.waits[-1].kind]
    return "".join(cells).rstrip()


def _moments(trace: Trace, task: TracedTask, width: float) -> Iterator[int]:
    """Yield the columns in which a wait begins, in order."""
    for pause in task.waits[1:]:
        yield int((pause.start - trace.start) / width + 1e-6)


def _most(time: dict[str, float], signs: dict[str, str]) -> str:
    if time.get(BLOCKING, 0) >= 0.25:
        return signs[BLOCKING]
    if sum(time.values()) < 0.5:
        return " "
    return signs[max(time, key=lambda state: time[state])]


def _legend(words: Sequence[str], width: int) -> Iterator[Row]:
    line = ""
    for word in words:
        if line and len(line) + len(word) + 4 > width:
            yield Row(line, "quiet")
            line = ""
        line += f"{'   ' if line else ' '}{word}"
    yield Row(line, "quiet")


def _fit(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}~"


def painted(row: Row) -> str:
    """Return the text of a row of `BARS` with the colours of a terminal."""
    groups = groupby(row.text, lambda sign: _COLOURS.get(sign, ""))
    parts = ((code, "".join(signs)) for code, signs in groups)
    return "".join(f"\x1b[{code}m{text}\x1b[0m" if code else text for code, text in parts)
