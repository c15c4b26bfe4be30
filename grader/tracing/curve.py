"""How many operations were in flight at each moment: the steps of a curve, and fewer of them with the same height."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from grader.timeline import Operation


class Step(NamedTuple):
    """From *start* (ticks) on, so *many* were in flight."""

    start: int
    many: int


def steps(operations: Iterable[Operation], end: int) -> list[Step]:
    """Return the curve of *operations*, by start; what had not ended counts until *end*."""
    changes: Counter[int] = Counter()
    for operation in operations:
        changes[operation.start] += 1
        changes[end if operation.end is None else operation.end] -= 1
    found, many = [], 0
    for tick, change in sorted(changes.items()):
        many += change
        if change:
            found.append(Step(tick, many))
    return found


def thinned(curve: Sequence[Step], start: int, end: int, columns: int) -> list[Step]:
    """Return *curve* with a step for each of so many *columns* of the time at most: the highest in each."""
    if len(curve) <= columns:
        return list(curve)
    size = max(end - start, 1) / columns
    found: list[Step] = []
    before = column = highest = 0
    for step in curve:
        at = min(int((step.start - start) / size), columns - 1)
        if at > column:
            found.append(Step(start + round(column * size), highest))
            if at > column + 1:
                found.append(Step(start + round((column + 1) * size), before))
            column, highest = at, before
        highest, before = max(highest, step.many), step.many
    return [*found, Step(start + round(column * size), highest), Step(end, before)]
