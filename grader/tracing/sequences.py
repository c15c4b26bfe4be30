"""Awaits that ran one after another and, as far as can be seen, need not have: values in, values out. It names none.

Counted as one turn is a call of one of the learner's own coroutines, a request, a job for a thread, or a task that was
made only to be awaited. A pause is none, nor is reading from a connection; what a lock lets through is not looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from grader.timeline import Line
from grader.tracing.reading import Site, site
from grader.tracing.trace import NETWORK, OTHER, SLEEP, TASK, THREAD, Pause, Trace, TracedTask

_OPERATIONS: Final = frozenset({SLEEP, NETWORK, THREAD, OTHER})
_REQUESTS: Final = frozenset({"httpx", "aiohttp", "asyncio.to_thread", "run_in_executor"})
# One connection, in its order.
_STREAMS: Final = (
    *("StreamReader.", "StreamWriter.", "sock_", "asyncpg", "psycopg", "aiomysql", "aiosqlite", "redis"),
    *("websockets", "asyncssh", "aiosmtplib", "aiokafka"),
)
_PACING: Final = frozenset({"__aenter__", "__aexit__", "__anext__", "acquire"})
_LEAST: Final = 20_000_000  # ticks: what takes less in all is not worth a word
_PART: Final = 0.1  # nor is what takes less than this of the program's time


class Turn(NamedTuple):
    """One of several calls in a row: when it began and ended."""

    start: int
    end: int


@dataclass(frozen=True)
class Row:
    """*turns* ran one after another at *line*; calls: what was called there, when it has a name; loop: in a loop.

    key: the same for all lines of a loop. runs: they were runs of an event loop, not awaits.
    """

    line: Line
    calls: str
    turns: tuple[Turn, ...]
    key: tuple[int, int]
    loop: bool = True
    runs: bool = False

    @property
    def total(self) -> int:
        """Ticks of all of them."""
        return sum(turn.end - turn.start for turn in self.turns)

    @property
    def longest(self) -> int:
        """Ticks of the longest."""
        return max(turn.end - turn.start for turn in self.turns)


class _Place(NamedTuple):
    task: int
    coroutine: int
    file: str
    site: Site


def sequences(trace: Trace) -> tuple[Row, ...]:
    """Return every such row of turns that took a good part of the program's time, the longest first."""
    groups: dict[_Place, dict[int, Turn]] = {}
    for task in trace.tasks:
        for place, key, turn in _turns(trace, task):
            turns = groups.setdefault(place, {})
            known = turns.get(key, turn)
            turns[key] = Turn(min(known.start, turn.start), max(known.end, turn.end))
    others = _others(groups)
    found = [
        Row(Line(place.file, place.site.line), place.site.calls, tuple(turns.values()), place.site.key, place.site.loop)
        for place, turns in groups.items()
        if not _shared(place, turns, others) and _in_turn(tuple(turns.values()))
    ]
    found += _runs(trace)
    found.sort(key=lambda row: row.line)
    least = max(_LEAST, round(_PART * trace.elapsed))
    found = [row for row in found if len(row.turns) > 1 and row.total - row.longest >= least / 2 and row.total >= least]
    # Of several lines of one loop the first; it may be run by several tasks, one after the other.
    first: dict[tuple[str, tuple[int, int]], Row] = {}
    for row in found:
        first.setdefault((row.line.file, row.key), row)
    return tuple(sorted(first.values(), key=lambda row: -row.total))


def _turns(trace: Trace, task: TracedTask) -> Iterator[tuple[_Place, int, Turn]]:
    """Yield, for each wait of *task* and each of its coroutines that repeats it, the turn that it is part of."""
    ordered = _on_one_connection(task.waits)
    sites: dict[Line, Site | None] = {}
    for number, pause in enumerate(task.waits):
        if pause.function in _PACING or pause.end == pause.start:
            continue
        for level, step in enumerate(pause.chain):
            if step.line not in sites:
                sites[step.line] = site(trace.source.get(step.line.file, ()), step.line.number)
            place = sites[step.line]
            if place is None:
                continue
            inner = pause.chain[level + 1].coroutine if level + 1 < len(pause.chain) else None
            if inner in ordered:
                continue
            turn = _turn(trace, pause, inner)
            if turn is not None:
                key = inner or pause.call or -number - 1
                yield _Place(task.number, step.coroutine, step.line.file, place), key, turn


def _turn(trace: Trace, pause: Pause, inner: int | None) -> Turn | None:
    end = trace.end if pause.end is None else pause.end
    if pause.kind == TASK and len(pause.tasks) == 1:
        made = trace.task(pause.tasks[0])
        # A task that was made before is one of several that ran meanwhile.
        return Turn(made.start, end) if made is not None and abs(pause.start - made.start) < _LEAST else None
    if inner is None and (pause.what not in _REQUESTS):
        return None
    return Turn(pause.start, end) if pause.kind in _OPERATIONS else None


def _on_one_connection(waits: Sequence[Pause]) -> set[int]:
    """Return the coroutines all of whose waits are on a connection that is open already: those have an order."""
    kinds: dict[int, set[bool]] = defaultdict(set)
    for pause in waits:
        for step in pause.chain:
            kinds[step.coroutine].add(pause.what.startswith(_STREAMS))
    return {coroutine for coroutine, streams in kinds.items() if streams == {True}}


_Spans = dict[tuple[str, Site], list[tuple[_Place, Turn]]]


def _others(groups: dict[_Place, dict[int, Turn]]) -> _Spans:
    found: _Spans = defaultdict(list)
    for place, turns in groups.items():
        whole = Turn(min(turn.start for turn in turns.values()), max(turn.end for turn in turns.values()))
        found[place.file, place.site].append((place, whole))
    return found


def _shared(place: _Place, turns: dict[int, Turn], others: _Spans) -> bool:
    """Return whether others ran the same lines meanwhile: workers, each of which takes one thing after another."""
    start, end = min(turn.start for turn in turns.values()), max(turn.end for turn in turns.values())
    return any(
        other.task != place.task and span.start < end and span.end > start
        for other, span in others[place.file, place.site]
    )


def _in_turn(turns: Sequence[Turn]) -> bool:
    """Return whether none of *turns* overlaps another."""
    ordered = sorted(turns)
    return all(before.end <= after.start for before, after in pairwise(ordered))


def _runs(trace: Trace) -> Iterator[Row]:
    """Yield runs of event loops in a row, each for one call, at one line."""
    groups: dict[Line, list[Turn]] = defaultdict(list)
    busy = {task.run for task in trace.tasks if any(pause.kind in _OPERATIONS for pause in task.waits)}
    for index, run in enumerate(trace.runs):
        if run.line is not None and index in busy:
            groups[run.line].append(Turn(run.start, run.end))
    for line, turns in groups.items():
        place = site(trace.source.get(line.file, ()), line.number)
        if place is not None and place.loop and _in_turn(turns):
            yield Row(line, place.calls, tuple(turns), place.key, runs=True)
