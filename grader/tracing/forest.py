"""Tasks in the order of a picture's rows: children beneath the task that made them; of many, some. It draws nothing."""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from grader.tracing.trace import Trace, TracedTask

# One row in so many at most is for tasks that made others, and for those that stand out.
_PARENTS: Final = 2
_STANDING_OUT: Final = 4


@dataclass(frozen=True)
class Row:
    """A task, how many of its ancestors stand above it, and a name that tells it from its neighbours."""

    task: TracedTask
    depth: int
    name: str


def rows(trace: Trace) -> tuple[Row, ...]:
    """Return every task of *trace* beneath the one that made it, siblings by their creation."""
    numbers = {task.number for task in trace.tasks}
    children: defaultdict[int | None, list[TracedTask]] = defaultdict(list)
    for task in trace.tasks:
        # Of a task that was not kept, the children stand by themselves.
        known = task.parent is not None and task.parent in numbers and task.parent < task.number
        children[task.parent if known else None].append(task)
    names = _names(trace.tasks)
    found: list[Row] = []
    waiting = [(task, 0) for task in reversed(children[None])]
    while waiting:
        task, depth = waiting.pop()
        found.append(Row(task, depth, names[task.number]))
        waiting += [(child, depth + 1) for child in reversed(children.get(task.number, ()))]
    return tuple(found)


def _names(tasks: Sequence[TracedTask]) -> dict[int, str]:
    """Return a name for each task: its own, with a number where several have the same."""
    times = Counter(task.name for task in tasks)
    seen: Counter[str] = Counter()
    names = {}
    for task in tasks:
        seen[task.name] += 1
        names[task.number] = task.name if times[task.name] == 1 else f"{task.name} {seen[task.name]}"
    return names


def chosen(everyone: Sequence[Row], at_most: int) -> tuple[Row, ...]:
    """Return at most so many rows in their order, each beneath the nearest of its ancestors that is among them.

    These are main coroutines, tasks that made others, some that stand out (failed, were cancelled, never ended, or held
    the loop), and of the others an even choice.
    """
    if len(everyone) <= at_most:
        return tuple(everyone)
    parents = _parents(everyone)
    taken = {index for index, row in enumerate(everyone) if row.task.main}
    taken = set(_evenly(sorted(taken), at_most))
    odd = [index for index, row in enumerate(everyone) if _stands_out(row.task)]
    for places, part in ((parents, _PARENTS), (odd, _STANDING_OUT), (range(len(everyone)), 1)):
        left = [index for index in places if index not in taken]
        taken |= set(_evenly(left, min(at_most // part, at_most - len(taken))))
    return tuple(_beneath(everyone, taken))


def _parents(rows: Sequence[Row]) -> list[int]:
    return [index for index, (row, after) in enumerate(pairwise(rows)) if after.depth > row.depth]


def _beneath(everyone: Sequence[Row], taken: set[int]) -> Iterator[Row]:
    """Yield the rows that were *taken*, as deep as they have ancestors among them."""
    above: list[tuple[int, bool]] = []  # of each ancestor its depth, and whether it was taken
    for index, row in enumerate(everyone):
        while above and above[-1][0] >= row.depth:
            above.pop()
        if index in taken:
            yield replace(row, depth=sum(was_taken for _, was_taken in above))
        above.append((row.depth, index in taken))


def _stands_out(task: TracedTask) -> bool:
    return task.outcome != "done" or task.left or bool(task.holds)


def _evenly(places: Sequence[int], at_most: int) -> list[int]:
    """Return at most so many of *places*, the first and the last among them."""
    if len(places) <= at_most:
        return list(places)
    if at_most < 2:
        return list(places[:at_most])
    return [places[round(number * (len(places) - 1) / (at_most - 1))] for number in range(at_most)]


def named(drawn: Sequence[Row], apart: int) -> list[int]:
    """Return which rows have room for a name where names stand so many rows *apart*: parents first, then others."""
    parents = set(_parents(drawn))
    taken: list[int] = []
    for index in sorted(range(len(drawn)), key=lambda index: index not in parents):
        place = bisect(taken, index)
        if all(abs(near - index) >= apart for near in taken[max(place - 1, 0) : place + 1]):
            taken.insert(place, index)
    return taken
