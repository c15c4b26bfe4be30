"""Predictions as text: pictures of whole ones, and what none may contain.

The pictures are in `golden/`. To renew one, delete it and run its test twice.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.prediction import Prediction, how_long, in_order
from grader.reports.predictions import rows
from grader.reports.rows import ASCII, UNICODE, Signs

GOLDEN = Path(__file__).with_name("golden")
WAITS = [("wait 1", 0, 4), ("wait 2", 0, 1), ("wait 3", 1, 3), ("wait 4", 3, 4), ("wait 5", 4, 7)]
PROGRAM = "limited([4, 1, 2, 1, 3], 2)"
CORES = [("core 1", 0, 0), ("core 2", 0, 0), ("core 1", 0, 2), ("core 1", 2, 3), ("core 1", 3, 6)]
MOVES = [("Judit", n * 5, n * 5 + 5) for n in range(720)] + [("table 1", n * 120 + 5, n * 120 + 60) for n in range(30)]
TABLES = [*MOVES, *((f"table {n}", n * 5, 3655) for n in range(2, 25))]
P1 = [("A: starting", 0), ("B: starting", 0), ("B: done", 1), ("A: done", 2)]
P4 = [("main", 0), ("b", 0), ("main again", 0)]
STEERING = "\x1b[2J\u202emain\n\t\x07\u2028\ud800"


def _made(made: Prediction | None) -> Prediction:
    assert made is not None
    return made


def _time(seconds: float, spans: Any = WAITS, program: str = PROGRAM) -> Prediction:
    return _made(how_long(program, seconds, spans))


def _lines(lines: list[str], said: Any, program: str = "p4") -> Prediction:
    return _made(in_order(program, lines, said))


PICTURES = {
    "time": [
        _time(7),
        _time(5.5),
        _time(8.25),
        _time(0),
        _time(100),
        _time(-1),
        _time(11, CORES, "on_cores([2, 1, 3], 2, 'asyncio')"),
        _time(3600, TABLES, "exhibition(24, 5, 55, 30), from table to table"),
        _time(0, [], "sequential([])"),
        _time(2, [], "sequential([])"),
        _time(10**400, [("a name too long for its place beside the bars", 0, 1e-9)], "p " * 100),
    ],
    "lines": [
        _lines([line for line, _ in P1], P1, "p1"),
        _lines(["main", "main again", "b"], P4),
        _lines(["b", "main"], P4),
        _lines([line for line, _ in P4] + ["b", "b"], P4),
        _lines(["main ", "", "'main again'"], P4),
        _lines(["食べる", "ｂ", "e\u0301te\u0301"], P4),
        _lines([STEERING], P4, STEERING),
        _lines([f"line {n}" for n in range(60)], [(f"line {n}", n / 8) for n in range(40)], "a long one"),
        _lines(["x" * 300], [("x" * 300 + "y", 0)], "long lines"),
    ],
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str) -> None:
    """A prediction looks as it did, with Unicode and in ASCII, in 80 columns and in 60."""
    styles: dict[str, tuple[int, Signs]] = {"unicode": (80, UNICODE), "ascii": (60, ASCII)}
    text = "\n".join(
        f"{f' {style} ':-^{width}}\n" + "\n".join(_text(rows(one, width, signs)) for one in PICTURES[name])
        for style, (width, signs) in styles.items()
    )
    golden = GOLDEN / f"predicted-{name}.txt"
    if not golden.exists():
        golden.write_text(text, "utf-8")
        pytest.fail(f"{golden.name} is new: look at it, and run again")

    assert text == golden.read_text("utf-8")


def _text(drawn: Any) -> str:
    return "\n".join(row.text for row in drawn) + "\n"


# -- what a picture says -----------------------------------------------------------------------------------------


def test_the_prediction_lies_where_its_time_is() -> None:
    """The line of the prediction is between what happens before it and what happens after it."""
    drawn = [row.text for row in rows(_time(4, [("a", 0, 4), ("b", 4, 8)]), 60)]
    (column,) = {text.index("│") for text in drawn[2:4]}
    assert drawn[1].index("▼") == column
    assert drawn[2][:column].rstrip().endswith("▓")
    assert drawn[2][column + 1 :].strip() == ""
    assert drawn[3][:column].split() == ["b"]
    assert drawn[3][column + 1] == "▓"
    assert drawn[4].index("4") == column
    assert drawn[5].index("▲") > drawn[3].rindex("▓")


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 1000)), min_size=1, max_size=10), st.integers(60, 100))
def test_bars_lie_where_their_times_are(spans: list[tuple[int, int]], width: int) -> None:
    """To a column or so, and each of them is seen."""
    named = [(f"{n:02}", start / 8, (start + length) / 8) for n, (start, length) in enumerate(spans)]
    end = max(start + length for start, length in spans) / 8
    for (_, start, stop), row in zip(named, rows(_time(-1, named), width)[2:], strict=False):
        bar = row.text[12:]
        columns = width - 3 - 9 - 2
        first, length = bar.index("▓"), bar.count("▓")
        assert abs(first - start / end * columns) <= 1
        assert abs(first + length - stop / end * columns) <= 1.5


def test_the_first_difference_is_marked_below_what_was_said() -> None:
    """Also where the lines are drawn in several parts."""
    said = [(f"line {n}", n) for n in range(12)]
    lines = [line for line, _ in said]
    lines[9] = "another"
    drawn = [row.text for row in rows(_lines(lines, said), 60)]
    (mark,) = [n for n, text in enumerate(drawn) if "▲" in text]
    column = drawn[mark].index("▲")
    assert [text[column:].split("  ")[0] for text in drawn[mark - 3 : mark]] == ["another", "line 9", "9 s"]


@pytest.mark.parametrize("differs", [0, 5, 11, 12, 30, 98])
def test_the_first_difference_is_drawn(differs: int) -> None:
    """However many lines there are, the place at which they differ is among those that are drawn."""
    said = [(f"{n}", 0) for n in range(99)]
    drawn = rows(_lines([f"{n}" if n != differs else "another" for n in range(99)], said), 60)
    assert "another" in _text(drawn)
    assert sum("▲" in row.text for row in drawn) == 1


def test_colours_say_whether_it_was_right() -> None:
    """The headline is green or red, and the numbers beside a picture are quiet."""
    assert rows(_time(7))[0].style == "good"
    assert rows(_time(6))[0].style == "bad"
    assert [row.style for row in rows(_lines(["b"], P4))] == ["bad", "", "", "quiet", "bad"]


# -- what no picture may contain ---------------------------------------------------------------------------------

NASTY = st.text(st.characters(exclude_categories=[]), max_size=40)
SECONDS = st.floats(allow_nan=False, allow_infinity=False) | st.integers()
TIMES = st.floats(0, 1e9)
MADE = st.builds(
    _time, SECONDS, st.lists(st.tuples(NASTY, TIMES, TIMES).map(lambda t: (t[0], min(t[1:]), max(t[1:])))), NASTY
) | st.builds(_lines, st.lists(NASTY, min_size=1), st.lists(st.tuples(NASTY, TIMES)), NASTY)


@given(prediction=MADE, width=st.integers(60, 120), signs=st.sampled_from([UNICODE, ASCII]))
@example(prediction=_time(5e-324, []), width=60, signs=UNICODE)
@example(prediction=_time(1e-9, [("", 0, 1e-9)]), width=60, signs=UNICODE)
def test_any_prediction(prediction: Prediction, width: int, signs: Signs) -> None:
    """Whatever was predicted, its picture fits, cannot steer a terminal, and is ASCII where it has to be."""
    for row in rows(prediction, width, signs):
        assert _columns(row.text) <= width
        assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in row.text), ascii(row.text)
        assert signs is UNICODE or row.text.isascii()


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else not unicodedata.combining(c) for c in text)
