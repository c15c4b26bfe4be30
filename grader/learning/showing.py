"""Exercises, progress and solutions as rows of text. It reads no file and writes none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from grader.learning.progress import Standing
from grader.learning.solutions import Pair
from grader.reports.rows import Row, Signs

_BESIDE: Final = 100  # columns from which on two texts fit beside each other
_BAR: Final = 30


def mark(standing: Standing, signs: Signs) -> str:
    """Return the sign of how far an exercise is: passed, skipped, tried, or nothing."""
    if standing.passed:
        return signs.good
    return signs.skipped if standing.skipped else signs.dot if standing.tried else " "


def entry(number: str, slug: str, about: str, standing: Standing, console: tuple[int, Signs]) -> Row:
    """Return an exercise's row of a list; console: width and signs."""
    width, signs = console
    left = f"{mark(standing, signs)} {number}  {slug:<19}  "
    room = width - len(left)
    text = about if len(about) <= room else about[: max(room - 1, 0)].rstrip() + signs.dots[:1]
    return Row((left + text).rstrip(), "quiet" if standing.passed else "")


def achieved(number: str, slug: str, standing: Standing, console: tuple[int, Signs]) -> Iterator[Row]:
    """Return an exercise's row of progress, with when it passed and in which way; two where one is too wide."""
    width, signs = console
    left = f"{mark(standing, signs)} {number}  {slug:<19}  {standing.passed[:10]:<10}"
    right = remarks(standing)
    if len(left) + len(right) + 2 <= width:
        yield Row(f"{left}  {right}".rstrip())
    else:
        yield Row(left.rstrip())
        yield Row(f"{' ' * (left.index(number) + 4)}{right}")


def remarks(standing: Standing) -> str:
    """Return what else there is to say of an exercise's progress, in a few words."""
    said = []
    if standing.hints:
        said.append(f"{standing.hints} hint{'s' if standing.hints > 1 else ''}")
    if standing.revealed:
        said.append("solution seen before")
    if standing.skipped:
        said.append("skipped")
    return ", ".join(said)


def bar(done: int, of: int, signs: Signs) -> str:
    """Return *done* of *of* as a bar."""
    filled = round(_BAR * done / of) if of else 0
    return f"[{signs.bar * filled}{' ' * (_BAR - filled)}] {done} of {of}"


def comparison(pairs: Sequence[Pair], width: int, heads: tuple[str, str]) -> Iterator[Row]:
    """Return two texts beside each other where *width* allows it, else one below the other, what differs marked.

    heads: what stands above the texts. Between them ``|`` marks a line that differs, ``<`` and ``>`` one that only
    theirs, or only ours, has; in one column ``-`` is theirs and ``+`` ours.
    """
    yield from _beside(pairs, width, heads) if width >= _BESIDE else _below(pairs, width, heads)


def _beside(pairs: Sequence[Pair], width: int, heads: tuple[str, str]) -> Iterator[Row]:
    room = (width - 3) // 2
    yield Row(f"{heads[0]:<{room}}   {heads[1]}"[:width], "strong")
    for pair in pairs:
        between = " " if pair.same else ">" if pair.theirs is None else "<" if pair.ours is None else "|"
        left, right = _cut(pair.theirs or "", room), _cut(pair.ours or "", room)
        for place in range(max(len(left), len(right))):
            one = left[place] if place < len(left) else ""
            other = right[place] if place < len(right) else ""
            yield Row(f"{one:<{room}} {between} {other}".rstrip(), "" if pair.same else "strong")


def _below(pairs: Sequence[Pair], width: int, heads: tuple[str, str]) -> Iterator[Row]:
    yield Row(f"- {heads[0]}   + {heads[1]}"[:width], "strong")
    theirs: list[str] = []
    ours: list[str] = []
    for pair in (*pairs, Pair(None, None, same=True)):
        if pair.same:
            for sign, lines, style in (("-", theirs, "bad"), ("+", ours, "good")):
                yield from (Row(f"{sign} {part}", style) for line in lines for part in _cut(line, width - 2))
                lines.clear()
            yield from (Row(f"  {part}".rstrip()) for part in _cut(pair.ours or "", width - 2) if pair.ours is not None)
        if not pair.same and pair.theirs is not None:
            theirs.append(pair.theirs)
        if not pair.same and pair.ours is not None:
            ours.append(pair.ours)


def _cut(line: str, width: int) -> list[str]:
    """Return *line* without what steers a terminal, in parts of at most *width*: code is never left out."""
    text = "".join(c if c.isprintable() else "?" for c in line.expandtabs(4))
    return [text[start : start + width] for start in range(0, len(text), width)] or [""]
