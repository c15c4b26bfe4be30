"""A prediction laid over what really happened, as lines of text; it knows no check, and nobody who looks.

A time: a row for each name, its bars on an axis of seconds, and the prediction as a line across them. An order: the
lines that were predicted above those that were said, place by place. Show it only to a learner who has predicted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from typing import Final, NamedTuple

from grader.prediction import HowLong, InOrder, Prediction, Span
from grader.reports.columns import fitted, padded, wide
from grader.reports.rows import UNICODE, Row, Signs
from grader.reports.terminal import WIDTH
from grader.ticks import TICKS_PER_SECOND, to_seconds

_INDENT: Final = "   "
_NARROWEST: Final = 40
LANES: Final = 12
_NAME: Final = 16  # columns of a row's name
FARTHEST: Final = 2  # a prediction of so many times the real time, or more, is beyond the picture
_BETWEEN: Final = 4  # blank columns between the numbers of the axis, at least
_PLACES: Final = 12  # of lines said
_LINE: Final = 24  # columns of each
_LABEL: Final = len("predicted") + 3
GAP: Final = 3


class _Marks(NamedTuple):
    """The characters of a picture."""

    bars: tuple[str, str]  # those that touch alternate
    part: str  # for a part of a column's time
    across: str
    down: str
    up: str
    left: str
    right: str
    ascii: bool


_UNICODE: Final = _Marks(("▓", "▒"), "░", "│", "▼", "▲", "◀", "▶", ascii=False)
_ASCII: Final = _Marks(("#", "="), "-", "|", "v", "^", "<", ">", ascii=True)


def rows(prediction: Prediction, width: int = WIDTH, signs: Signs = UNICODE) -> list[Row]:
    """Return the picture of *prediction*, at most *width* columns wide (40 or more); in ASCII where *signs* are."""
    width = max(width, _NARROWEST)
    marks = _ASCII if signs.bar.isascii() else _UNICODE
    drawn = [_headline(prediction, width, signs, marks)]
    if isinstance(prediction, HowLong):
        drawn += _Axis.of(prediction, width, marks).rows(prediction, signs)
    else:
        drawn += _in_order(prediction, width - len(_INDENT), marks)
    return [Row(row.text.rstrip(), row.style) for row in drawn]


def _headline(prediction: Prediction, width: int, signs: Signs, marks: _Marks) -> Row:
    sign, words, style = (signs.good, "as you predicted", "good")
    if not prediction.right:
        sign, words, style = (signs.bad, "not as you predicted", "bad")
    text = f"{_INDENT}{sign} "
    text += fitted(prediction.program, width - len(text), in_ascii=marks.ascii)
    # A picture says it too, so a long program may have the room.
    return Row(f"{text}: {words}" if wide(text) + len(words) + 2 <= width else text, style)


# -- a time --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Axis:
    """Seconds from 0 to *end* in so many *columns*, beside names of *gutter* columns.

    across: the column before which one more is put in, for the line of the prediction; None where it is off the axis.
    """

    end: float
    columns: int
    gutter: int
    across: int | None
    marks: _Marks

    @classmethod
    def of(cls, prediction: HowLong, width: int, marks: _Marks) -> _Axis:
        took, foretold = to_seconds(prediction.took), prediction.seconds
        end = took if foretold > FARTHEST * took > 0 else max(took, foretold)
        names = (wide(fitted(name, _NAME, in_ascii=marks.ascii)) for name in {span.name for span in prediction.spans})
        gutter = max([len("seconds"), *names]) + 2
        axis = cls(end, width - len(_INDENT) - gutter - 2, gutter, None, marks)
        return replace(axis, across=axis.column(foretold)) if 0 <= foretold <= end else axis

    def rows(self, prediction: HowLong, signs: Signs) -> Iterator[Row]:
        """Yield the prediction above the bars, and what it took below them."""
        yield self._row("", self._foretold(prediction.seconds))
        lanes: dict[str, list[Span]] = {}
        for span in prediction.spans:
            lanes.setdefault(span.name, []).append(span)
        drawn = {name: self._lane(lanes[name]) for name in list(lanes)[:LANES]}
        yield from (self._row(name, lane) for name, lane in drawn.items())
        if any(self.marks.part in lane for lane in drawn.values()):
            yield self._row("", f"{self.marks.part} for a part of that time", "quiet")
        if len(lanes) > LANES:
            yield self._row("", f"{signs.dots} and {len(lanes) - LANES:,} more rows", "quiet")
        elif prediction.cut:
            yield self._row("", f"{signs.dots} and {prediction.cut:,} more bars", "quiet")
        yield self._row("seconds", self._numbers(), "quiet")
        took = to_seconds(prediction.took)
        yield self._row("", self._pointed(self._place(took), f"it took {in_seconds(took)}", self.marks.up))

    def column(self, seconds: float) -> int:
        """Return the column before which that time lies."""
        return round(min(max(seconds / self.end, 0.0), 1.0) * self.columns) if self.end > 0 else 0

    def _place(self, seconds: float) -> int:
        # The same, with the line of the prediction put in.
        column = self.column(seconds)
        return column + (self.across is not None and column > self.across)

    def _row(self, name: str, text: str, style: str = "") -> Row:
        return Row(
            _INDENT + padded(fitted(name, _NAME, in_ascii=self.marks.ascii) if name else "", self.gutter) + text, style
        )

    def _foretold(self, seconds: float) -> str:
        words = f"you: {in_seconds(seconds)}"
        if self.across is not None:
            return self._pointed(self.across, words, self.marks.down)
        return f"{self.marks.left} {words}" if seconds < 0 else f"{words} {self.marks.right}".rjust(self.columns + 1)

    def _lane(self, spans: Sequence[Span]) -> str:
        spans = sorted((span for span in spans if span.end > span.start), key=lambda span: span.start)  # else unseen
        cells = self._shares(spans) if self._is_fine(spans) else self._bars(spans)
        if self.across is not None:
            cells.insert(self.across, self.marks.across)
        return "".join(cells)

    def _is_fine(self, spans: Sequence[Span]) -> bool:
        """Return whether bars, or what is between them, are shorter than a column."""
        column = self.end * TICKS_PER_SECOND / self.columns
        gaps = (after.start - before.end for before, after in pairwise(spans))
        return len(spans) > 1 and (
            any(s.end - s.start < column for s in spans) or any(0 < gap < column for gap in gaps)
        )

    def _bars(self, spans: Sequence[Span]) -> list[str]:
        cells, before, kind = [" "] * self.columns, None, 0
        for span in spans:
            first = min(self.column(to_seconds(span.start)), self.columns - 1)
            length = max(self.column(to_seconds(span.end)) - first, 1)
            kind = 1 - kind if before == span.start else 0
            cells[first : first + length] = self.marks.bars[kind] * length
            before = span.end
        return cells

    def _shares(self, spans: Sequence[Span]) -> list[str]:
        """Return full columns and those that are full for a part of their time."""
        covered, column = [0.0] * self.columns, self.end * TICKS_PER_SECOND / self.columns
        for start, end in ((span.start / column, span.end / column) for span in spans):
            for place in range(int(start), min(math.ceil(end), self.columns)):
                covered[place] += min(end, place + 1) - max(start, place)
        full, part = self.marks.bars[0], self.marks.part
        return [full if share > 0.999 else part if share > 0 else " " for share in covered]

    def _numbers(self) -> str:
        if self.end <= 0:
            return "0"
        power = 10.0 ** math.floor(math.log10(self.end / self.columns))
        steps = (number * scale * power for scale in (1, 10, 100, 1000) for number in (1, 2, 5))
        return next(text for step in steps if (text := self._numbered(step)))

    def _numbered(self, step: float) -> str:
        """Return the axis with a number at each *step*; nothing if they would be too close."""
        text = ""
        for number in range(int(self.end / step + 1e-9) + 1):
            place, shown = self._place(number * step), f"{number * step:.12g}"
            if number and place - len(text) < _BETWEEN:
                return ""
            if place + len(shown) <= self.columns + 2:
                text = f"{text:<{place}}{shown}"
        return text

    def _pointed(self, column: int, words: str, mark: str) -> str:
        # On that side of the mark on which there is room.
        if column + len(words) + 2 <= self.columns + 2:
            return f"{' ' * column}{mark} {words}"
        return f"{' ' * max(0, column - len(words) - 1)}{words} {mark}"


def in_seconds(number: float) -> str:
    """Return a time as text: ``5.5 s``."""
    return f"{round(number, 6):.12g} s"


# -- an order ------------------------------------------------------------------------------------------------


class Place(NamedTuple):
    """What was predicted at one place, what was said there, and when, as they are shown."""

    predicted: str
    said: str
    at: str

    @property
    def columns(self) -> int:
        """How wide its widest is."""
        return max(map(wide, self))


@dataclass(frozen=True)
class Places:
    """Those places of a prediction that are shown, with those around the first difference among them.

    before, after: how many more there are. differs: which of those shown is the first that differs. note: what else
    is to be said.
    """

    shown: tuple[Place, ...]
    before: int
    differs: int | None
    note: str

    @classmethod
    def of(cls, prediction: InOrder, *, in_ascii: bool = False) -> Places:
        """Choose them."""
        pairs = list(zip_longest(prediction.lines, prediction.said))
        first = max(0, min((prediction.differs or 0) - _PLACES + 3, len(pairs) - _PLACES))
        shown = tuple(
            Place(
                "(nothing)" if line is None else _line(line, in_ascii=in_ascii),
                "(nothing)" if told is None else _line(told.text, in_ascii=in_ascii),
                "" if told is None else in_seconds(to_seconds(told.at)),
            )
            for line, told in pairs[first : first + _PLACES]
        )
        differs = None if prediction.differs is None else prediction.differs - first
        after = len(pairs) - first - len(shown) + prediction.cut
        note = f"and {after:,} more" if after else ""
        if differs is not None and differs >= len(shown):
            note += ", the first that differs among them"
        return cls(shown, first, differs, note)

    def blocks(self, room: int) -> Iterator[tuple[list[Place], int | None]]:
        """Yield as many at a time as fit into *room* columns beside one another, and which of these differs first."""
        begin = 0
        while begin < len(self.shown):
            end = begin + 1
            while end < len(self.shown) and sum(p.columns + GAP for p in self.shown[begin : end + 1]) - GAP <= room:
                end += 1
            differs = self.differs is not None and begin <= self.differs < end
            yield list(self.shown[begin:end]), (self.differs or 0) - begin if differs else None
            begin = end


def _in_order(prediction: InOrder, width: int, marks: _Marks) -> Iterator[Row]:
    places = Places.of(prediction, in_ascii=marks.ascii)
    if places.before:
        yield Row(f"{_INDENT}the first {places.before} are the same", "quiet")
    for block, differs in places.blocks(width - _LABEL):
        yield from _block(block, differs, marks)
    if places.note:
        yield Row(f"{_INDENT}{places.note}", "quiet")


def _block(block: Sequence[Place], differs: int | None, marks: _Marks) -> Iterator[Row]:
    columns = [place.columns + GAP for place in block]
    for label, cells, style in (
        ("predicted", [place.predicted for place in block], ""),
        ("said", [place.said for place in block], ""),
        ("at", [place.at for place in block], "quiet"),
    ):
        text = "".join(padded(cell, column) for cell, column in zip(cells, columns, strict=True))
        yield Row(f"{_INDENT}{label:<{_LABEL}}{text}", style)
    if differs is not None:
        column, words = _LABEL + sum(columns[:differs]), "the first that differs"
        yield Row(f"{_INDENT}{' ' * column}{marks.up} {words}", "bad")


def _line(text: str, *, in_ascii: bool) -> str:
    shown = fitted(text, _LINE - 2, in_ascii=in_ascii)
    return shown if text and text.strip() == text else f"'{shown}'"  # blanks at an end would not be seen
