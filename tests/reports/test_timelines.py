"""A check's timeline, as large as there is room for it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from grader.reports.rows import ASCII, UNICODE
from grader.reports.timelines import LOWEST, rows
from grader.timeline import Operation, Picture, ideal

S = 10**9


def picture(
    *spans: tuple[float, float | None], end: float, name: str = "https://weather.test/weather/Ostrava"
) -> Picture:
    operations = tuple(
        Operation("request", int(first * S), None if last is None else int(last * S), name, None)
        for first, last in spans
    )
    return Picture(0, int(end * S), S, operations, ideal(operations, int(end * S)))


def text(drawn: Picture, width: int = 76, height: int = 12, **how: bool) -> str:
    return "\n".join(row.text for row in rows(drawn, width, height, UNICODE, **how))


def test_theirs_stand_above_the_ideal_ones_on_an_axis_of_delays() -> None:
    """Each bar begins at its time; the numbers stand behind marks at theirs."""
    assert text(picture((0, 1), (1, 2), (2, 3), end=3), width=59) == (
        "   yours  #1 ▄▄▄▄▄▄▄▄▄▄▄▄▄▄\n"
        "          #2               ▄▄▄▄▄▄▄▄▄▄▄▄▄▄\n"
        "          #3                             ▄▄▄▄▄▄▄▄▄▄▄▄▄▄\n"
        "   ideal  #1 ▄▄▄▄▄▄▄▄▄▄▄▄▄▄\n"
        "          #2 ▄▄▄▄▄▄▄▄▄▄▄▄▄▄\n"
        "          #3 ▄▄▄▄▄▄▄▄▄▄▄▄▄▄\n"
        "   delays    │0            │1            │2            │3"
    )


def test_where_there_is_room_operations_have_names() -> None:
    """Of an address the last part, as people write it."""
    assert "#1 São Paulo" in text(picture((0, 1), (0, 1), end=1, name="https://weather.test/weather/S%C3%A3o%20Paulo"))


def test_of_many_an_even_choice_is_drawn() -> None:
    """The first and the last among them, and how many are not."""
    drawn = text(picture(*((i, i + 1) for i in range(50)), end=50), height=8)
    assert re.findall(r"#\d+", drawn) == 2 * ["#1", "#25", "#50"]
    assert "… 47 more" in drawn


def test_what_is_as_the_ideal_is_drawn_once_and_says_so() -> None:
    """Two equal halves would say less in twice the room."""
    drawn = text(picture((0, 1), (0, 1), end=1))
    assert "ideal  #" not in drawn
    assert "the same as the ideal: nothing waits for another" in drawn


def test_what_is_not_to_be_compared_stands_alone() -> None:
    """What is right in its own way is not held against an ideal that the task may not allow."""
    assert "ideal" not in text(picture((0, 1), (1, 2), end=2), compared=False)


def test_what_never_ended_is_marked() -> None:
    """Its bar goes on to the end, with a mark behind it."""
    assert "▄>" in text(picture((0, None), (0, 1), end=2))


SPANS = st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50)), min_size=1, max_size=70)


@given(SPANS, st.integers(40, 160), st.integers(1, 60), st.booleans())
def test_it_fits_any_screen(spans: list[tuple[float, float]], width: int, height: int, compared: bool) -> None:
    """It never has more rows or columns than it was given, and in ASCII it says as much."""
    drawn = picture(*((min(span), max(span)) for span in sorted(spans)), end=51)
    for signs in (UNICODE, ASCII):
        found = rows(drawn, width, height, signs, compared=compared)
        assert len(found) <= max(height, LOWEST)
        assert all(len(row.text) <= width for row in found)
        assert signs is UNICODE or all(row.text.isascii() for row in found)
        assert any((signs.bar if signs is ASCII else "▄") in row.text for row in found)
