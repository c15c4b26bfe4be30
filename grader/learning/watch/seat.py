"""What happens next: from one moment of `onedelay watch` and an event to the next, and what is to be done.

It is a function; it knows no terminal, no file and no process, and draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from grader.learning.progress import HINT, PASSED, TRIED
from grader.learning.watch.browsing import list_key
from grader.learning.watch.events import (
    CheckAll,
    Checked,
    CheckedAll,
    Compare,
    Effect,
    Event,
    Judge,
    Judged,
    Key,
    Looking,
    Note,
    Noted,
    Open,
    Opened,
    PutBack,
    Quit,
    Saved,
    Stop,
    Tick,
    Told,
    Warm,
)
from grader.learning.watch.state import DECISIVE, FOR_REAL, NOT_STARTED, Compared, Page, Result, State
from grader.verdict import FAIL, PASS, ExerciseVerdict

Step = tuple[State, tuple[Effect, ...]]

PAGEFUL: Final = 10  # rows by which PageUp and PageDown scroll
_FAR: Final = 99_999
_SCROLLS: Final = {
    "up": -1,
    "k": -1,
    "down": 1,
    "j": 1,
    "pageup": -PAGEFUL,
    "pagedown": PAGEFUL,
    "home": -_FAR,
    "end": _FAR,
}
_LEAVE: Final = {"escape", "q", "enter"}


def opened(state: State, index: int) -> Step:
    """Go to the exercise in that place of the course."""
    place = state.course[index]
    fresh = State(
        state.course,
        state.log,
        index,
        now=state.now,
        passed=state.passed,
        unsaved=state.unsaved,
        looking=state.looking,
    )
    return fresh, (Stop(), Open(place.name), Warm(place.name))


def step(state: State, event: Event) -> Step:
    """Return what *event* makes of *state*, and what is to be done about it, in this order."""
    match event:
        case Key(name):
            return _key(state, name)
        case Saved(exercise, _, _) | Opened(exercise, _) | Judged(exercise) if exercise != state.place.name:
            return state, ()  # of the one before
        case Saved() | Judged():
            return _saved(state, event) if isinstance(event, Saved) else _judged(state, event)
        case Checked(result):
            return replace(state, results=(*state.results, result)), _to_note(result)
        case CheckedAll():
            return _all_checked(state)
        case _:
            return _told(state, event), ()


def _told(state: State, event: Event) -> State:
    match event:
        case Tick(now):
            changes: dict[str, Any] = {"now": now}
        case Opened(_, hints):
            changes = {"hints": hints}
        case Noted(log, unsaved, told):
            changes = {"log": log, "unsaved": unsaved, "notice": told or state.notice}
        case Told(text):
            changes = {"notice": text}
        case Looking(text):
            changes = {"looking": text}
        case Compared():
            changes = {"compared": event, "page": Page.SOLUTION, "scroll": 0}
        case _:
            changes = {}
    return replace(state, **changes)


# -- judging ---------------------------------------------------------------------------------------------------


def _saved(state: State, event: Saved) -> Step:
    state = replace(state, files=event.files, trouble=event.trouble)
    if state.checking:
        return replace(state, verdict=None, left_out=""), ()  # it has its turn afterwards
    if event.files is None:
        return replace(state, judging="", verdict=None, fault="", left_out=""), (Stop(),)
    return _judge(replace(state, scroll=0, view=0), DECISIVE)


def _judge(state: State, clock: str) -> Step:
    files = state.files
    if files is None:
        return state, ()
    state = replace(state, judging=clock, since=state.now, fault="", left_out="")
    return state, (Judge(state.place.name, files, clock),)


def _judged(state: State, event: Judged) -> Step:
    if event.clock != state.judging:
        return state, ()
    name, state = state.place.name, replace(state, judging="", fault=event.fault, left_out=event.left_out)
    if event.verdict is None:
        return replace(state, verdict=None), ()
    state = replace(state, verdict=event.verdict)
    if event.verdict.outcome == PASS and event.clock == DECISIVE:
        return _judge(state, FOR_REAL)
    if event.verdict.outcome == PASS:
        state = replace(state, passed=state.passed | {name}, notice="")
        following = state.following
        warm = () if following is None else (Warm(state.course[following].name),)
        return state, (Note(name, PASSED), *warm)
    return state, ((Note(name, TRIED),) if _was_tried(event.verdict) else ())


def _was_tried(verdict: ExerciseVerdict) -> bool:
    diagnosis = None if verdict.cause is None else verdict.cause.diagnosis
    return verdict.outcome == FAIL and diagnosis is not None and diagnosis.code != NOT_STARTED


# -- all of them -----------------------------------------------------------------------------------------------


def _to_note(result: Result) -> tuple[Effect, ...]:
    what = {"right": PASSED, "wrong": TRIED}.get(result.what)
    return () if what is None else (Note(result.name, what),)


def _all_checked(state: State) -> Step:
    right = {result.name for result in state.results if result.what == "right"}
    return replace(state, checking=False, passed=state.passed | right), ()


def _check_all(state: State) -> Step:
    state = replace(state, page=Page.CHECK_ALL, checking=True, results=(), scroll=0)
    return state, (Stop(), CheckAll())


def _check_all_key(state: State, name: str) -> Step:
    if name in _SCROLLS:
        return _scrolled(state, name)
    if name not in _LEAVE or (state.checking and name == "enter"):
        return state, ()
    state = replace(state, page=Page.WORK, checking=False, scroll=0)
    if state.verdict is not None or state.left_out:
        return state, (Stop(),)
    again, effects = _judge(state, DECISIVE)  # what was saved meanwhile
    return again, (Stop(), *effects)


# -- keys ------------------------------------------------------------------------------------------------------


def _key(state: State, name: str) -> Step:
    if name in {"c-c", "c-d"} or (name == "q" and state.page is Page.WORK):
        return state, (Stop(), Quit())
    if state.judging and state.page is Page.WORK:
        return state, ()
    return _PAGES[state.page](replace(state, notice="", anchor=""), name)


def _work_key(state: State, name: str) -> Step:
    if name in _SCROLLS:
        return _scrolled(state, name)
    if name in {"left", "right", "p"}:
        return replace(state, view=state.view + (-1 if name == "left" else 1), anchor="picture"), ()
    return _WORK[name](state) if name in _WORK else (state, ())


def _scrolled(state: State, name: str) -> Step:
    return replace(state, scroll=max(state.scroll + _SCROLLS[name], 0)), ()


def _next(state: State) -> Step:
    name = state.place.name
    if not (state.is_done(name) or state.left_out or state.standing(name).skipped):
        why = f"n goes on once {state.place.number} passes; h gives a hint, and in the list (l) s skips it"
        return replace(state, notice=why), ()
    if state.following is None:
        words = "all" if state.done == len(state.course) else "all others"
        return replace(state, notice=f"{words} are done; l lists them"), ()
    return opened(state, state.following)


def _hint(state: State) -> Step:
    if not state.hints:
        return replace(state, notice=f"{state.place.number} has no hints"), ()
    if state.told >= len(state.hints):
        reveal = "" if state.is_done(state.place.name) else f": onedelay solution {state.place.number} --reveal"
        return replace(state, notice=f"that was the last hint{reveal}", anchor=f"hint {state.told}"), ()
    seen = min(state.standing(state.place.name).hints, len(state.hints))
    if state.told < seen:
        words = "you have seen these before" + ("; h shows one more" if seen < len(state.hints) else "")
        return replace(state, told=seen, anchor=f"hint {seen}", notice=words), ()
    told = state.told + 1
    return replace(state, told=told, anchor=f"hint {told}"), (Note(state.place.name, HINT, told),)


def _list(state: State) -> Step:
    listing = replace(state.listing, cursor=state.current, filter="", typing=False)
    return replace(state, page=Page.LIST, listing=listing, scroll=0), ()


def _solution(state: State) -> Step:
    if state.is_done(state.place.name):
        return state, (Compare(state.place.name),)
    number = state.place.number
    why = f"s compares once {number} passes; to see ours before: onedelay solution {number} --reveal"
    return replace(state, notice=why), ()


def _solution_key(state: State, name: str) -> Step:
    if name in _SCROLLS:
        return _scrolled(state, name)
    compared = state.compared
    if name in {"left", "right"} and compared is not None and len(compared.ways) > 1:
        way = (compared.shown + (1 if name == "right" else -1)) % len(compared.ways)
        return state, (Compare(state.place.name, way),)
    return _left(state) if name in _LEAVE | {"s"} else (state, ())


def _ask_reset(state: State) -> Step:
    return replace(state, page=Page.ASK_RESET), ()


def _ask_reset_key(state: State, name: str) -> Step:
    state = replace(state, page=Page.WORK)
    if name not in {"y", "Y"}:
        return replace(state, notice=f"{state.place.file} stays as it is"), ()
    name = state.place.name
    return replace(state, passed=state.passed - {name}), (PutBack(name),)


def _help(state: State) -> Step:
    return replace(state, page=Page.HELP, scroll=0), ()


def _help_key(state: State, name: str) -> Step:
    if name in _SCROLLS:
        return _scrolled(state, name)
    return _left(state) if name in _LEAVE | {"?"} else (state, ())


def _left(state: State) -> Step:
    return replace(state, page=Page.WORK, scroll=0), ()


def _list_key(state: State, name: str) -> Step:
    state, chosen, effects = list_key(state, name)
    return (state, effects) if chosen is None else opened(state, chosen)


_WORK: Final[dict[str, Callable[[State], Step]]] = {
    "n": _next,
    "h": _hint,
    "l": _list,
    "s": _solution,
    "r": _ask_reset,
    "c": _check_all,
    "?": _help,
    "enter": lambda state: _judge(state, DECISIVE),
}
_PAGES: Final[dict[Page, Callable[[State, str], Step]]] = {
    Page.WORK: _work_key,
    Page.LIST: _list_key,
    Page.HELP: _help_key,
    Page.SOLUTION: _solution_key,
    Page.ASK_RESET: _ask_reset_key,
    Page.CHECK_ALL: _check_all_key,
}
