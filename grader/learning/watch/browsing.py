"""The keys of the list of exercises. A function of a moment; it draws nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from grader.learning.progress import RESUMED, SKIPPED
from grader.learning.watch.events import Effect, Note
from grader.learning.watch.state import Listing, Page, State

_PAGEFUL: Final = 8
_FAR: Final = 9999
_ARROWS: Final = {"up": -1, "down": 1, "pageup": -_PAGEFUL, "pagedown": _PAGEFUL, "home": -_FAR, "end": _FAR}
_LETTERS: Final = {"k": -1, "j": 1}  # which are text while somebody types
_LONGEST: Final = 30


def list_key(state: State, name: str) -> tuple[State, int | None, tuple[Effect, ...]]:
    """Return the next moment, which exercise was chosen, if one was, and what is to be done."""
    listing, listed = state.listing, state.listed
    moves = _ARROWS if listing.typing else {**_ARROWS, **_LETTERS}
    if name in moves:
        cursor = min(max(listing.cursor + moves[name], 0), max(len(listed) - 1, 0))
        return _with(state, replace(listing, cursor=cursor)), None, ()
    if name == "enter":
        return state, (listed[listing.cursor] if listed else None), ()
    if name == "s" and listed and not listing.typing:
        return _skipped(state, listed[listing.cursor])
    return (_typed if listing.typing else _pressed)(state, name), None, ()


def _pressed(state: State, name: str) -> State:
    if name == "/":
        return _with(state, Listing(0, "", typing=True))
    if name == "escape" and state.listing.filter:
        return _with(state, Listing(state.current))
    return replace(state, page=Page.WORK, scroll=0) if name in {"escape", "q", "l"} else state


def _typed(state: State, name: str) -> State:
    text = state.listing.filter
    if name == "escape":
        return _with(state, Listing(state.current))
    if name == "backspace":
        return _with(state, Listing(0, text[:-1], typing=True))
    if len(name) == 1 and name.isprintable() and len(text) < _LONGEST:
        return _with(state, Listing(0, text + name, typing=True))
    return state


def _skipped(state: State, index: int) -> tuple[State, None, tuple[Effect, ...]]:
    place = state.course[index]
    if state.is_done(place.name):
        return replace(state, notice=f"{place.number} is done: nothing to skip"), None, ()
    what = RESUMED if state.standing(place.name).skipped else SKIPPED
    words = "skipped: n passes it by" if what == SKIPPED else "no longer skipped"
    return replace(state, notice=f"{place.number} is {words}"), None, (Note(place.name, what),)


def _with(state: State, listing: Listing) -> State:
    return replace(state, listing=listing)
