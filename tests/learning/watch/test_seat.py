"""What happens next, apart from any terminal, file or judge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from grader.diagnosis.model import Diagnosis
from grader.learning.progress import HINT, PASSED, RESUMED, SKIPPED, TRIED, Event, Log
from grader.learning.solutions import Pair
from grader.learning.watch import events as ev
from grader.learning.watch.screen import draw
from grader.learning.watch.seat import opened, step
from grader.learning.watch.state import DECISIVE, FOR_REAL, NOT_STARTED, Compared, Page, Place, Result, State
from grader.reports.rows import ASCII, UNICODE
from grader.verdict import ERROR, FAIL, PASS, ExerciseVerdict, Verdict, fold

NAMES = ("01_first_steps", "02_second_steps", "03_third_steps")
FILES = {"first_steps.py": b"print()"}


def course(*events: tuple[str, str]) -> State:
    places = tuple(Place(name, f"about {name[3:]}", f"exercises/{name}/{name[3:]}.py") for name in NAMES)
    log = Log(tuple(Event(f"2026-01-01T00:00:{n:02d}Z", name, what) for n, (name, what) in enumerate(events)))
    return State(places, log, hints=("first", "second"))


def verdict(outcome: str, code: str = "ran-sequentially", name: str = NAMES[0]) -> ExerciseVerdict:
    diagnosis = Diagnosis(code, "ran one after another", "seen", None) if outcome == FAIL else None
    return fold([Verdict(name, "a check", "node", outcome, 1, diagnosis=diagnosis, total=1)])


def after(state: State, *happened: Any) -> tuple[State, list[Any]]:
    """The moment after all that *happened*, keys as text, and what is to be done about the last of it."""
    effects: tuple[Any, ...] = ()
    for event in happened:
        state, effects = step(state, ev.Key(event) if isinstance(event, str) else event)
    return state, list(effects)


def judged(outcome: str, clock: str = DECISIVE, code: str = "ran-sequentially") -> ev.Judged:
    return ev.Judged(NAMES[0], clock, verdict(outcome, code))


SAVED = ev.Saved(NAMES[0], FILES)
DONE = (SAVED, judged(PASS), judged(PASS, FOR_REAL))


def kinds(effects: Iterable[Any]) -> list[str]:
    return [type(effect).__name__ for effect in effects]


# -- judging ---------------------------------------------------------------------------------------------------


def test_a_save_is_judged_on_the_virtual_clock_first() -> None:
    """And a newer one is judged in its place."""
    _, effects = after(course(), SAVED)
    assert effects == [ev.Judge(NAMES[0], FILES, DECISIVE)]
    newer = ev.Saved(NAMES[0], {"first_steps.py": b"2"})
    _, effects = after(course(), SAVED, newer)
    assert effects == [ev.Judge(NAMES[0], newer.files or {}, DECISIVE)]


def test_what_passes_is_confirmed_for_real_before_it_is_done() -> None:
    """Only what passes both is noted, and the next exercise is made ready then."""
    state, effects = after(course(), SAVED, judged(PASS))
    assert effects == [ev.Judge(NAMES[0], FILES, FOR_REAL)]
    assert not state.is_done(NAMES[0])
    state, effects = after(state, judged(PASS, FOR_REAL))
    assert effects == [ev.Note(NAMES[0], PASSED), ev.Warm(NAMES[1])]
    assert state.is_done(NAMES[0])


def test_what_fails_for_real_is_not_done() -> None:
    """However it was on the virtual clock."""
    state, effects = after(course(), SAVED, judged(PASS), judged(FAIL, FOR_REAL))
    assert effects == [ev.Note(NAMES[0], TRIED)]
    assert not state.is_done(NAMES[0])


def test_an_untouched_file_was_not_tried() -> None:
    """Nor was one that the grader could not judge."""
    for event in (judged(FAIL, code=NOT_STARTED), judged(ERROR), ev.Judged(NAMES[0], DECISIVE, fault="ours")):
        assert after(course(), SAVED, event)[1] == []


def test_answers_that_come_too_late_say_nothing() -> None:
    """Those of another exercise, and of a judgement that a newer save has ended."""
    assert after(course(), ev.Judged(NAMES[1], DECISIVE, verdict(PASS)))[0].verdict is None
    assert after(course(), SAVED, judged(PASS), SAVED, judged(PASS, FOR_REAL))[0].verdict is not None
    assert not after(course(), SAVED, judged(PASS), SAVED, judged(PASS, FOR_REAL))[0].is_done(NAMES[0])


def test_a_file_that_is_gone_ends_the_judging() -> None:
    """Its verdict goes with it."""
    state, effects = after(course(), SAVED, ev.Saved(NAMES[0], None, "gone"))
    assert (state.judging, state.verdict, state.trouble, kinds(effects)) == ("", None, "gone", ["Stop"])


def test_enter_judges_again() -> None:
    """The same files."""
    assert after(course(), SAVED, judged(FAIL), "enter")[1] == [ev.Judge(NAMES[0], FILES, DECISIVE)]


# -- keys ------------------------------------------------------------------------------------------------------


@given(st.sampled_from(["n", "h", "l", "s", "r", "c", "?", "enter", "escape", "down", "x", "y"]))
def test_while_it_judges_keys_do_nothing(key: str) -> None:
    """Save those that quit."""
    judging, _ = after(course(), SAVED)
    assert after(judging, key) == (judging, [])
    for quits in ("q", "c-c", "c-d"):
        assert kinds(after(judging, quits)[1]) == ["Stop", "Quit"]


def test_n_goes_on_only_from_what_is_done() -> None:
    """Otherwise it says why not; and never by itself."""
    state, effects = after(course(), SAVED, judged(FAIL), "n")
    assert (state.current, effects) == (0, [])
    assert "once 01 passes" in state.notice
    state, _ = after(course(), *DONE)
    assert state.current == 0
    state, effects = after(state, "n")
    assert (state.current, kinds(effects)) == (1, ["Stop", "Open", "Warm"])


def test_n_passes_by_what_is_done_or_skipped() -> None:
    """What was skipped comes when nothing else is open; when all are done, it says so."""
    assert after(course((NAMES[1], PASSED)), *DONE, "n")[0].current == 2
    assert after(course((NAMES[1], SKIPPED)), *DONE, "n")[0].current == 2
    assert after(course((NAMES[1], SKIPPED), (NAMES[2], PASSED)), *DONE, "n")[0].current == 1
    assert "all are done" in after(course((NAMES[1], PASSED), (NAMES[2], PASSED)), *DONE, "n")[0].notice


def test_n_goes_on_from_what_is_left_out_or_skipped() -> None:
    """Nobody is kept at what they cannot, or will not, do."""
    assert after(course(), SAVED, ev.Judged(NAMES[0], DECISIVE, left_out="here"), "n")[0].current == 1
    assert after(course((NAMES[0], SKIPPED)), SAVED, judged(FAIL), "n")[0].current == 1


def test_each_h_shows_one_hint_more_and_notes_it() -> None:
    """The last one has a word of what else there is."""
    state, effects = after(course(), "h")
    assert (state.told, effects) == (1, [ev.Note(NAMES[0], HINT, 1)])
    state, effects = after(state, "h")
    assert (state.told, effects) == (2, [ev.Note(NAMES[0], HINT, 2)])
    state, effects = after(state, "h")
    assert (state.told, effects) == (2, [])
    assert "--reveal" in state.notice


def test_s_shows_the_solution_after_success_only() -> None:
    """Before, it says how to see it all the same."""
    state, effects = after(course(), SAVED, judged(FAIL), "s")
    assert effects == []
    assert "onedelay solution 01 --reveal" in state.notice
    assert after(course(), *DONE, "s")[1] == [ev.Compare(NAMES[0])]


def test_the_ways_of_the_solution_are_gone_through_in_a_circle() -> None:
    """To the left and to the right; any key that leaves leaves."""
    compared, _ = after(course(), Compared(("ours", "theirs"), 0, ()))
    assert compared.page is Page.SOLUTION
    assert after(compared, "left")[1] == after(compared, "right")[1] == [ev.Compare(NAMES[0], 1)]
    assert after(compared, "q") == (replace(compared, page=Page.WORK), [])


def test_r_asks_first() -> None:
    """Only y puts the file back."""
    asked, effects = after(course(), *DONE, "r")
    assert (asked.page, effects) == (Page.ASK_RESET, [])
    for key in ("n", "escape", "q", "enter"):
        kept, effects = after(asked, key)
        assert (kept.page, effects, kept.is_done(NAMES[0])) == (Page.WORK, [], True)
    state, effects = after(asked, "y")
    assert (effects, state.is_done(NAMES[0])) == ([ev.PutBack(NAMES[0])], False)


# -- the list --------------------------------------------------------------------------------------------------


def test_the_list_goes_where_one_chooses() -> None:
    """By arrows or letters, not beyond its ends."""
    state, _ = after(course(), "l", "down", "j", "j", "k")
    assert state.listing.cursor == 1
    state, effects = after(state, "enter")
    assert (state.current, state.page, kinds(effects)) == (1, Page.WORK, ["Stop", "Open", "Warm"])


def test_what_is_typed_after_a_slash_narrows_the_list() -> None:
    """Letters are text then; Backspace takes one back, Esc all, Enter goes to the chosen one."""
    state, _ = after(course(), "l", "/", *"third")
    assert (state.listed, after(state, "enter")[0].current) == ([2], 2)
    state, _ = after(state, "j")
    assert (state.listed, after(state, "enter")) == ([], (state, []))
    assert after(state, "backspace")[0].listed == [2]
    assert after(state, "escape")[0].listed == [0, 1, 2]


def test_s_in_the_list_skips_and_takes_it_back() -> None:
    """What is done cannot be skipped."""
    assert after(course(), "l", "s")[1] == [ev.Note(NAMES[0], SKIPPED)]
    assert after(course((NAMES[0], SKIPPED)), "l", "s")[1] == [ev.Note(NAMES[0], RESUMED)]
    assert after(course((NAMES[0], PASSED)), "l", "s")[1] == []


# -- all of them -----------------------------------------------------------------------------------------------


def test_checking_all_notes_what_it_finds_and_can_be_ended() -> None:
    """A save meanwhile has its turn afterwards."""
    state, effects = after(course(), SAVED, judged(FAIL), "c")
    assert kinds(effects) == ["Stop", "CheckAll"]
    state, effects = after(state, ev.Checked(Result(NAMES[0], "right")))
    assert effects == [ev.Note(NAMES[0], PASSED)]
    assert after(state, ev.Checked(Result(NAMES[1], "not started")))[1] == []
    assert after(state, "enter") == (state, [])
    assert kinds(after(state, "escape")[1]) == ["Stop"]
    assert kinds(after(state, SAVED, "escape")[1]) == ["Stop", "Judge"]
    ended, _ = after(state, ev.CheckedAll())
    assert (ended.checking, ended.is_done(NAMES[0])) == (False, True)


# -- whatever happens ------------------------------------------------------------------------------------------

EVENTS = st.one_of(
    st.sampled_from([*"nhlsrcpqyjk?/x", "up", "down", "left", "right", "pageup", "pagedown", "end", "home"]),
    st.sampled_from(["enter", "escape", "backspace"]),
    st.sampled_from(
        [
            SAVED,
            ev.Saved(NAMES[0], None, "gone"),
            ev.Saved(NAMES[1], FILES),
            *(judged(outcome, clock) for outcome in (PASS, FAIL, ERROR) for clock in (DECISIVE, FOR_REAL)),
            ev.Judged(NAMES[1], DECISIVE, verdict(PASS)),
            ev.Judged(NAMES[0], DECISIVE, fault="the judge died"),
            ev.Judged(NAMES[0], DECISIVE, left_out="it is left out"),
            ev.Tick(99.0),
            ev.Opened(NAMES[0], ("one", "two\n\n    code()\n\nthree")),
            ev.Noted(Log(), "progress is not saved", "mended"),
            ev.Looking("looking each 0.3 s"),
            ev.Told("told"),
            Compared(
                ("ours", "other"), 1, (Pair("one line", "another line", same=False), Pair("same", "same", same=True))
            ),
            ev.Checked(Result(NAMES[2], "wrong", "ran one after another")),
            ev.CheckedAll(),
        ]
    ),
)


@given(st.lists(EVENTS, max_size=25), st.integers(1, 130), st.integers(1, 45), st.booleans())
def test_whatever_happens_there_is_a_screen_that_fits(
    happened: list[Any], columns: int, lines: int, in_ascii: bool
) -> None:
    """On a screen of any size, with the present exercise on top."""
    state, _ = opened(course(), 0)
    for event in happened:
        state, _ = after(state, event)
        frame = draw(state, columns, lines, ASCII if in_ascii else UNICODE)
        state = replace(state, scroll=frame.scroll, anchor="")
        assert len(frame.rows) == lines
        assert all(len(row.text) <= max(columns, 3) for row in frame.rows)
        assert not in_ascii or all(row.text.isascii() for row in frame.rows)
        if lines >= 10 and columns >= 40:
            assert state.place.slug in frame.rows[0].text
            assert frame.rows[-1].style == "keys"
