"""A check's timeline as rows of text, as large as there is room: bars on an axis of delays. It knows no verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from grader.diagnosis.model import amount
from grader.reports.columns import fitted, padded
from grader.reports.rows import UNICODE, Row, Signs
from grader.timeline import Operation, Picture

LOWEST: Final = 4  # rows: one of theirs, one that is ideal, how many more there are, the axis
_INDENT: Final = "   "
_BAR: Final = "▄"  # rows of full height would run into one another
_LABEL: Final = 7  # columns of `yours`, `ideal` and `delays`
_NAME: Final = 12
_NAMED_FROM: Final = 60  # columns from which on the operations have their names
_WIDEST_UNIT: Final = 30  # columns of one delay, at most
_MARKS: Final = 8  # columns from one number of the axis to the next, at least
_LAST: Final = 4  # columns for the number at the end of the axis
_STEPS: Final = (1, 2, 5)


def rows(picture: Picture, width: int, height: int, signs: Signs = UNICODE, *, compared: bool = True) -> list[Row]:
    """Return *picture* in at most *width* columns (40 or more) and *height* rows (at least 4).

    Theirs stand above the ideal ones; where both are alike, or are not to be *compared*, theirs alone. Of more than
    there is room for an even choice, the first and the last among them.
    """
    scale = _Scale.of(picture, width, signs)
    alike = _alike(picture)
    blocks = [("yours", picture.yours)]
    if compared and not alike:
        blocks.append(("ideal", picture.ideal))
    words = "the same as the ideal: nothing waits for another" if alike and len(picture.yours) > 1 else ""
    chosen = _choice(len(picture.yours), (max(height, LOWEST) - 1 - bool(words)) // len(blocks))
    if len(chosen) < len(picture.yours):
        chosen = _choice(len(picture.yours), (max(height, LOWEST) - 2 - bool(words)) // len(blocks))
    drawn = [row for label, operations in blocks for row in scale.block(label, operations, chosen)]
    if len(chosen) < len(picture.yours):
        drawn.append(scale.row("", f"{signs.dots} {len(picture.yours) - len(chosen)} more", "quiet"))
    drawn.append(scale.axis())
    if words:
        drawn.append(Row(f"{_INDENT}{words}"[:width], "quiet"))
    return [Row(row.text.rstrip(), row.style) for row in drawn]


def _alike(picture: Picture) -> bool:
    return [(op.start, op.end) for op in picture.yours] == [(op.start, op.end) for op in picture.ideal]


def _choice(count: int, room: int) -> list[int]:
    room = max(room, 1)
    if count <= room:
        return list(range(count))
    return sorted({round(place * (count - 1) / max(room - 1, 1)) for place in range(room)})


@dataclass(frozen=True)
class _Scale:
    """Ticks as columns. gutter: columns for an operation's number and name; named: whether there is a name."""

    start: int
    end: int
    unit: int
    columns: int
    gutter: int
    named: bool
    signs: Signs

    @classmethod
    def of(cls, picture: Picture, width: int, signs: Signs) -> _Scale:
        end = max([picture.start + 1, picture.end, *(op.end or 0 for op in picture.yours)])
        unit = max(picture.delay, 1)
        named = width >= _NAMED_FROM
        gutter = len(f"#{len(picture.yours)} ") + (_NAME + 1 if named else 0)
        room = max(width - len(_INDENT) - _LABEL - gutter - _LAST, 8)
        units = (end - picture.start) / unit
        return cls(picture.start, end, unit, max(1, min(room, round(units * _WIDEST_UNIT))), gutter, named, signs)

    def block(self, label: str, operations: Sequence[Operation], chosen: Sequence[int]) -> Iterator[Row]:
        """Yield a row for each of the *chosen* operations."""
        number = self.gutter - (_NAME + 1 if self.named else 0)
        for place, index in enumerate(index for index in chosen if index < len(operations)):
            head = f"{label if place == 0 else '':<{_LABEL}}{f'#{index + 1}':<{number}}"
            if self.named:
                head += padded(fitted(_name(operations[index]), _NAME, in_ascii=self._in_ascii), _NAME + 1)
            yield Row(f"{_INDENT}{head}{self._bar(operations[index])}")

    def row(self, label: str, text: str, style: str = "") -> Row:
        """Return a row whose *text* begins where the bars begin."""
        return Row(f"{_INDENT}{label:<{_LABEL + self.gutter}}{text}", style)

    def axis(self) -> Row:
        """Return the numbers, each behind a mark at its time."""
        units = (self.end - self.start) / self.unit
        step = next(
            step * 10.0**power
            for power in range(-3, 20)
            for step in _STEPS
            if self._column_of(step * 10.0**power) >= _MARKS or step * 10.0**power >= units
        )
        mark, text = "|" if self._in_ascii else "│", ""
        for number in range(int(units / step + 1e-9) + 1):
            place, shown = self._column_of(number * step), f"{mark}{amount(number * step)}"
            if place + len(shown) <= self.columns + _LAST:
                text = f"{text:<{place}}{shown} "
        return self.row("delays", text, "quiet")

    @property
    def _in_ascii(self) -> bool:
        return self.signs.bar.isascii()

    def _bar(self, operation: Operation) -> str:
        # What began before the picture, while the file was loaded, is cut off.
        first = self._column(max(operation.start, self.start))
        last = self._column(self.end if operation.end is None else operation.end)
        first = min(first, self.columns - 1)
        return (
            " " * first
            + (self.signs.bar if self._in_ascii else _BAR) * max(1, last - first)
            + (">" if operation.end is None else "")
        )

    def _column(self, tick: int) -> int:
        return round(min(max(tick - self.start, 0) / (self.end - self.start), 1.0) * self.columns)

    def _column_of(self, units: float) -> int:
        return round(units * self.unit / (self.end - self.start) * self.columns)


def _name(operation: Operation) -> str:
    # Of an address the last part tells requests apart.
    return unquote(operation.name.rstrip("/").rsplit("/", 1)[-1]) if operation.kind == "request" else operation.name
