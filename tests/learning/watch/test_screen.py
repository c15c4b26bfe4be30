"""What one moment looks like, on a screen of any size."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from grader.diagnosis.model import Diagnosis
from grader.learning.progress import Event, Log
from grader.learning.watch.screen import Frame, draw
from grader.learning.watch.state import DECISIVE, FOR_REAL, Listing, Page, Place, State
from grader.prediction import how_long
from grader.reports.rows import UNICODE
from grader.timeline import Line, Operation, Picture, ideal
from grader.verdict import FAIL, PASS, Verdict, fold

NAMES = ("01_first_steps", "02_second_steps", "03_third_steps")
S = 10**9
HINTS = (
    "Where?\n\nIn a loop of yours, which is\nlong to read.",
    "Nearly\n\n    async with client:\n        return 1\n\nSo.",
)


def picture(*spans: tuple[float, float]) -> Picture:
    operations = tuple(Operation("call", int(a * S), int(b * S), "ask", None) for a, b in spans)
    return Picture(0, max(op.end or 0 for op in operations), S, operations, ideal(operations, 0))


def check(outcome: str, **facts: Any) -> Verdict:
    diagnosis = Diagnosis("ran-sequentially", "ran one after another", "3 calls took 3 delays.", None, pictured=True)
    values: dict[str, Any] = {"points": 1, "total": 1, "diagnosis": diagnosis if outcome == FAIL else None, **facts}
    return Verdict(NAMES[0], "Three calls take one delay", "node", outcome, **values)


def state(*checks: Verdict, **facts: Any) -> State:
    course = tuple(Place(name, f"about {name[3:]}", f"exercises/{name}/{name[3:]}.py") for name in NAMES)
    return replace(State(course, hints=HINTS, verdict=fold(checks) if checks else None), **facts)


def shown(moment: State, columns: int = 80, lines: int = 24) -> str:
    return text(draw(moment, columns, lines, UNICODE))


def text(frame: Frame) -> str:
    return "\n".join(row.text.rstrip() for row in frame.rows)


FAILED = check(FAIL, picture=picture((0, 1), (1, 2), (2, 3)), printed="asked a\nasked b\n")
PASSED = check(PASS, picture=picture((0, 1), (0, 1), (0, 1)), measured="1 delay")


def test_a_failure_is_told_in_the_reports_own_words_with_a_large_picture() -> None:
    """The report's own small one is left out; what was printed comes last."""
    drawn = shown(state(FAILED))
    assert drawn.split("\n")[0].split() == ["01", "first_steps", "[", "]", "0", "of", "3", "done"]
    order = [
        "ran one after another",
        "3 calls took 3 delays",
        "timeline of",
        "yours",
        "ideal",
        "printed in",
        "| asked b",
    ]
    places = [drawn.index(words) for words in order]
    assert places == sorted(places)
    assert drawn.count("yours") == 1


def test_what_passes_is_pictured_too() -> None:
    """Where it is as the ideal it says so."""
    drawn = shown(state(PASSED, passed=frozenset(NAMES[:1])))
    assert "✓  all checks pass" in drawn
    assert "the same as the ideal" in drawn
    assert "Done. n: on to 02 second_steps" in drawn


def test_a_prediction_comes_before_the_timelines() -> None:
    """Further ones are one key away, and the last is followed by the first."""
    foretold = how_long("f(1)", 2.0, [("wait 1", 0.0, 1.0)])
    moment = state(check(PASS, prediction=foretold, picture=picture((0, 1))))
    assert "prediction in" in shown(moment)
    assert "(1 of 2, left/right)" in shown(moment)
    assert "timeline of" in shown(replace(moment, view=1))
    assert shown(replace(moment, view=2)) == shown(moment)


def test_hints_stand_above_the_picture_until_it_passes() -> None:
    """Their paragraphs are filled anew, and their code is not."""
    drawn = shown(state(FAILED, told=2), lines=40)
    assert "In a loop of yours, which is long to read." in drawn
    assert "     async with client:\n         return 1\n" in drawn
    assert drawn.index("Hint 2 of 2: Nearly") < drawn.index("timeline of")
    drawn = shown(state(PASSED, told=1), lines=40)
    assert drawn.index("timeline of") < drawn.index("Hint 1 of 2")


def test_a_new_hint_is_scrolled_into_sight() -> None:
    """All of it where it fits, and how much there is beside it is said."""
    moment = state(FAILED, told=2, anchor="hint 2")
    frame = draw(moment, 60, 12, UNICODE)
    assert "Hint 2 of 2: Nearly" in text(frame)
    assert "So." in text(frame)
    assert frame.scroll > 0
    assert f"{frame.scroll + 1}-" in text(frame)


def test_scrolling_ends_at_the_end() -> None:
    """The last row stays at the bottom."""
    frame = draw(state(FAILED, told=2, scroll=999), 60, 12, UNICODE)
    assert frame.scroll < 40
    assert "| asked b" in text(frame)


def test_judging_is_said_and_after_a_second_for_how_long() -> None:
    """The verdict of the save before is dimmed meanwhile, that of the first look is not."""
    moment = state(FAILED, judging=DECISIVE, since=10.0, now=10.5)
    assert " judging …\n" in shown(moment)
    assert "judging … 3 s   (save again to start anew, q quits)" in shown(replace(moment, now=13.0))
    assert {row.style for row in draw(moment, 80, 24, UNICODE).rows[3:8] if row.text} == {"quiet"}
    assert "right; now for real …" in shown(state(PASSED, judging=FOR_REAL, since=10.0, now=10.0))


@pytest.mark.parametrize(("columns", "dropped"), [(80, 0), (60, 1), (50, 3), (40, 3)])
def test_keys_are_left_out_where_there_is_no_room(columns: int, dropped: int) -> None:
    """Those that the help tells of; n, h, ? and q are always there."""
    keys = shown(state(FAILED), columns).split("\n")[-1]
    assert all(key in keys for key in ("n next", "h hint", "? help", "q quit"))
    assert sum(key not in keys for key in ("c check all", "r reset", "s solution", "l list")) == dropped


def test_what_passed_before_and_fails_now_is_not_called_done() -> None:
    """It says both."""
    log = Log((Event("2026-01-01T00:00:00Z", NAMES[0], "passed"),))
    assert "Done before. n: on to 02" in shown(state(FAILED, log=log))


def test_trouble_faults_and_what_is_left_out_have_their_words() -> None:
    """Whose fault it is, and what to do."""
    assert "gone" in shown(state(trouble="gone"))
    assert "the grader failed, not you" in shown(state(fault="the judge died"))
    assert "n goes on" in shown(state(left_out="it is left out on this machine"))
    drawn = shown(state(unsaved="progress is not saved: no room", looking="looking each 0.3 s"))
    assert "progress is not saved: no room" in drawn
    assert "looking each 0.3 s" in drawn


def test_the_chosen_row_of_a_long_list_is_in_sight() -> None:
    """However far down it is."""
    course = tuple(Place(f"{n:02d}_number_{n}", "", "") for n in range(1, 60))
    moment = replace(state(), course=course, page=Page.LIST, listing=Listing(50))
    assert ">   51  number_51" in shown(moment, 40, 10)


def test_what_a_learner_wrote_cannot_steer_the_terminal() -> None:
    """Neither what it printed nor its lines of code."""
    diagnosis = Diagnosis("error", "an \x1b[31merror", "seen \x07", Line("first_steps.py", 3))
    nasty = check(FAIL, diagnosis=diagnosis, text="x = '\x1b[2J'", printed="\x1b]0;title\x07\rgone")
    frame = draw(state(nasty), 80, 24, UNICODE)
    assert all(row.text.isprintable() for row in frame.rows)
