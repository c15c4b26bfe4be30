"""One moment of `onedelay watch` as rows that fill a screen of any size. It knows no terminal, and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from grader.learning.watch import pages
from grader.learning.watch.report import Section, sections
from grader.learning.watch.state import DECISIVE, Page, State
from grader.reports.columns import fitted, padded, wide
from grader.reports.console import WIDEST
from grader.reports.rows import Row, Signs
from grader.verdict import PASS

_TALL: Final = 14  # rows from which on there is room for the file's name and a blank
_ELAPSED_FROM: Final = 1.0  # seconds of judging from which on they are told
_BAR: Final = 20
_KEYS: Final[dict[Page, Sequence[tuple[str, str]]]] = {
    Page.WORK: (
        ("n", "next"),
        ("h", "hint"),
        ("l", "list"),
        ("s", "solution"),
        ("r", "reset"),
        ("c", "check all"),
        ("?", "help"),
        ("q", "quit"),
    ),
    Page.LIST: (("Enter", "go there"), ("/", "search"), ("s", "skip"), ("Esc", "back")),
    Page.HELP: (("Esc", "back"),),
    Page.SOLUTION: (("Esc", "back"),),
    Page.ASK_RESET: (("y", "yes"), ("n", "no")),
    Page.CHECK_ALL: (("Esc", "back"),),
}
_DISPENSABLE: Final = ("c", "r", "s", "l")  # in this order, where there is no room for all keys


class Frame(NamedTuple):
    """The rows of a screen, as many as it has; scroll: the first row shown of what fills it."""

    rows: list[Row]
    scroll: int


def draw(state: State, columns: int, lines: int, signs: Signs) -> Frame:
    """Return the screen of *lines* rows of at most so many *columns*."""
    columns = min(columns, WIDEST)
    above = [_headline(state, columns, signs)]
    if lines >= _TALL:
        above += [_where(state), Row("")]
    below = [_status(state, columns, signs), _keys(state, columns)]
    remarks = [text for text in (state.unsaved, state.looking) if text]
    below = [
        Row(f" {text}", "bad" if text is state.unsaved else "quiet") for text in remarks[: max(lines - 8, 0)]
    ] + below
    room = max(lines - len(above) - len(below), 1)
    scroll, body = _body(state, columns, room, signs)
    shown = body[scroll : scroll + room]
    if len(body) > room:
        below[-2] = _with_extent(below[-2], f"{scroll + 1}-{scroll + len(shown)} of {len(body)}", columns)
    rows = [*above, *shown, *[Row("")] * (room - len(shown)), *below][-lines:]
    return Frame([Row(fitted(row.text, columns, in_ascii=_is_ascii(signs)), row.style) for row in rows], scroll)


def _is_ascii(signs: Signs) -> bool:
    return signs.bar.isascii()


# -- what fills it ---------------------------------------------------------------------------------------------


def _body(state: State, columns: int, room: int, signs: Signs) -> tuple[int, list[Row]]:
    """Return which of the rows is the first shown, and all of them."""
    if state.page is Page.LIST:
        return pages.listing(state, columns, room, signs)
    if state.page in {Page.WORK, Page.ASK_RESET}:
        return _work(state, sections(state, columns, room, signs), room)
    if state.page is Page.CHECK_ALL:
        rows = pages.results(state, columns, signs)
        follow = max(len(rows) - room, 0) if state.checking else state.scroll
        return _clamped(follow, rows, room), rows
    rows = pages.solution(state, columns) if state.page is Page.SOLUTION else pages.help_page(state, columns)
    return _clamped(state.scroll, rows, room), rows


def _work(state: State, found: Sequence[Section], room: int) -> tuple[int, list[Row]]:
    rows: list[Row] = []
    scroll = state.scroll
    for section in found:
        rows += [Row("")] if rows else []
        if section.name == state.anchor:
            last = len(rows) + len(section.rows)
            scroll = min(max(scroll, last - room), len(rows))  # all of it, or at least its beginning
        rows += section.rows
    return _clamped(scroll, rows, room), rows


def _clamped(scroll: int, rows: Sequence[Row], room: int) -> int:
    return min(max(scroll, 0), max(len(rows) - room, 0))


# -- around it -------------------------------------------------------------------------------------------------


def _headline(state: State, columns: int, signs: Signs) -> Row:
    left = f" {state.place.number} {state.place.slug}"
    done, of = state.done, len(state.course)
    width = min(_BAR, columns - wide(left) - len(f"  {done} of {of} done  ") - 4)
    filled = round(width * done / of) if of else 0
    bar = f"[{signs.bar * filled}{' ' * (width - filled)}] " if width >= 5 else ""
    right = f"{bar}{done} of {of} done "
    return Row(padded(left, max(columns - wide(right), wide(left) + 1)) + right, "head")


def _where(state: State) -> Row:
    return Row(f" {state.place.file}", "quiet")


def _status(state: State, columns: int, signs: Signs) -> Row:
    text = _asked(state, columns, signs)
    if text:
        return Row(text, "strong")
    if state.page is not Page.WORK or not state.is_done(state.place.name):
        return Row("")
    return Row(_standing(state, columns), "good" if _passes(state) else "quiet")


def _asked(state: State, columns: int, signs: Signs) -> str:
    """Return what the learner is asked or told at this moment, if anything."""
    if state.page is Page.ASK_RESET:
        name = f"{state.place.slug}.py"
        question = f" Put {name} back as it was given?"
        return _chosen(columns, f"{question} Yours is kept.", question, f" Put {name} back?")
    if state.page is Page.CHECK_ALL:
        return pages.progress_line(state, signs)
    if state.page is Page.LIST and state.listing.typing:
        return f" /{state.listing.filter}_"
    if state.judging:
        return _judging(state, columns, signs)
    found = f" /{state.listing.filter}" if state.page is Page.LIST and state.listing.filter else ""
    return f" {state.notice}" if state.notice else found


def _judging(state: State, columns: int, signs: Signs) -> str:
    elapsed = state.now - state.since
    seconds = f" {elapsed:.0f} s" if elapsed >= _ELAPSED_FROM else ""
    words = f" judging {signs.dots}" if state.judging == DECISIVE else f" right; now for real {signs.dots}"
    long = f"{words}{seconds}"
    return _chosen(columns, f"{long}   (save again to start anew, q quits)", long) if seconds else long


def _passes(state: State) -> bool:
    return state.verdict is not None and state.verdict.outcome == PASS


def _standing(state: State, columns: int) -> str:
    following = state.following
    done = " Done" if _passes(state) else " Done before"
    if following is None:
        return f"{done}, and so are all the others."
    place = state.course[following]
    return _chosen(
        columns,
        f"{done}. n: on to {place.number} {place.slug}   s: beside our solution",
        f"{done}. n: on to {place.number} {place.slug}",
        f"{done}. n: on to {place.number}",
    )


def _keys(state: State, columns: int) -> Row:
    keys = list(_KEYS[state.page])
    if state.page is Page.SOLUTION and state.compared is not None and len(state.compared.ways) > 1:
        keys.insert(0, ("left/right", f"another way ({state.compared.shown + 1} of {len(state.compared.ways)})"))
    if state.page is Page.LIST and state.listing.typing:
        keys = [("Enter", "go there"), ("Esc", "all")]
    leave = list(_DISPENSABLE)
    while leave and len(_words(keys)) > columns:
        dropped = leave.pop(0)
        keys = [key for key in keys if key[0] != dropped]
    return Row(_words(keys), "keys")


def _words(keys: Sequence[tuple[str, str]]) -> str:
    return "  ".join(f"{' ' if place == 0 else ''}{key} {word}" for place, (key, word) in enumerate(keys))


def _with_extent(row: Row, extent: str, columns: int) -> Row:
    room = columns - wide(row.text) - len(extent) - 1
    return row if room < 1 else Row(f"{row.text}{' ' * room}{extent}", row.style or "quiet")


def _chosen(columns: int, *texts: str) -> str:
    """Return the first text for which there is room, or the last."""
    return next((text for text in texts if wide(text) <= columns), texts[-1])
