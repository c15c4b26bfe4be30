"""What happened when: intervals on the judge's clock and the figures drawn from them. Values only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

MOST_DRAWN: Final = 2_000  # rows of a picture: a program may do a million things
A_MOMENT: Final = 100  # what takes less than this part of the longest operation takes no time


class Line(NamedTuple):
    """A line of the learner's: *file* relative to the submission's folder, *number* from 1."""

    file: str
    number: int


@dataclass(frozen=True)
class Operation:
    """Something that takes time and could overlap: a request, a call into the judge's world, a sleep.

    start, end: ticks; end is None while it had not ended. kind: ``request``, ``call``, ``sleep``, ``hold``, or ``job``
    for what a check observed by itself.
    number: the question's number on the wire, None for what the candidate did alone.
    """

    kind: str
    start: int
    end: int | None
    name: str
    line: Line | None
    number: int | None = None


@dataclass(frozen=True)
class Hold:
    """The loop was held from *start* to *end* (ticks) by so many blocking *calls* in a row, the first at *line*."""

    start: int
    end: int
    why: str
    line: Line | None
    calls: int = 1

    @property
    def length(self) -> int:
        """Ticks held."""
        return self.end - self.start


class Step(NamedTuple):
    """One suspended coroutine of a chain: a number of its own, and the line at which it waits."""

    coroutine: int
    line: Line


@dataclass(frozen=True)
class Wait:
    """A task was suspended from *start* to *end* (ticks); chain: its learner's coroutines, outermost first."""

    task: int
    parent: int | None
    kind: str
    operation: int | None
    chain: tuple[Step, ...]
    start: int
    end: int | None


@dataclass(frozen=True)
class Timeline:
    """The intervals of one check, from tick *start* to tick *end*."""

    start: int
    end: int
    operations: tuple[Operation, ...] = ()
    holds: tuple[Hold, ...] = ()
    waits: tuple[Wait, ...] = ()

    @property
    def elapsed(self) -> int:
        """Ticks from start to end."""
        return self.end - self.start

    def rows(self) -> tuple[Operation, ...]:
        """Return what a picture shows, by start: requests and calls that took time, else sleeps and holds."""
        outside = [op for op in self.operations if op.end is None or op.end > op.start]
        # On the real clock a call that is over at once takes a moment too.
        longest = max((op.end - op.start for op in outside if op.end is not None), default=0)
        outside = [op for op in outside if op.end is None or op.end - op.start > longest / A_MOMENT]
        if not outside:
            outside = [
                Operation("sleep", wait.start, wait.end, "sleep", wait.chain[-1].line if wait.chain else None)
                for wait in self.waits
                if wait.kind == "sleep" and wait.end != wait.start
            ]
            outside += [Operation("hold", hold.start, hold.end, hold.why, hold.line) for hold in self.holds]
        return tuple(sorted(outside, key=lambda op: op.start))

    def held(self) -> int:
        """Return the ticks for which the loop was held."""
        return sum(hold.length for hold in self.holds)

    def longest_hold(self) -> Hold | None:
        """Return the longest hold."""
        return max(self.holds, key=lambda hold: hold.length, default=None)


def peak(operations: Iterable[Operation], until: int) -> int:
    """Return how many operations were in flight at once; one that ends as another starts does not overlap it."""
    changes = []
    for operation in operations:
        changes.append((operation.start, 1))
        changes.append((until if operation.end is None else operation.end, -1))
    in_flight = highest = 0
    for _, change in sorted(changes):
        in_flight += change
        highest = max(highest, in_flight)
    return highest


def ideal(operations: Sequence[Operation], until: int) -> tuple[Operation, ...]:
    """Return the same operations as if none had waited for another: all start when the first does."""
    if not operations:
        return ()
    start = operations[0].start
    return tuple(
        Operation(op.kind, start, start + (until if op.end is None else op.end) - op.start, op.name, op.line)
        for op in operations
    )


def common_line(chains: Sequence[Sequence[Step]]) -> Line | None:
    """Return where operations that share a coroutine are made one after another.

    The chains run outermost first. The last coroutine that all of them share is the one that repeats; its line in
    the first chain is the answer. Chains of different coroutines share none.
    """
    if not chains or not chains[0]:
        return None
    line = None
    for level, step in enumerate(chains[0]):
        if any(len(chain) <= level or chain[level].coroutine != step.coroutine for chain in chains):
            break
        line = step.line
    return line


@dataclass(frozen=True)
class Picture:
    """What a report draws: the operations of a check above the same ones laid out ideally.

    start, end: ticks; delay: ticks of one unit. At most the first 2,000 operations.
    """

    start: int
    end: int
    delay: int
    yours: tuple[Operation, ...]
    ideal: tuple[Operation, ...]


def picture(timeline: Timeline, delay: int) -> Picture | None:
    """Return the picture of *timeline*, or None when nothing in it takes time."""
    rows = timeline.rows()[:MOST_DRAWN]
    if not rows:
        return None
    return Picture(timeline.start, timeline.end, delay, rows, ideal(rows, timeline.end))
