"""Axes have few marks at round numbers, and lengths of time are told in the unit that a reader would choose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.tracing import scale

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("ticks", "words"),
    [
        (0, "0 s"),
        (1, "1 ns"),
        (1_500, "1.5 µs"),
        (340_000_000, "340 ms"),
        (999_600_000, "1 s"),
        (1_250_000_000, "1.25 s"),
        (1_525_000_000, "1.53 s"),
        (12_345_678_901, "12.3 s"),
        (119 * SECOND, "119 s"),
        (120 * SECOND, "2 min"),
        (125 * SECOND, "2 min 5 s"),
        (3600 * SECOND, "1 h"),
        (5400 * SECOND, "1 h 30 min"),
        (-5 * SECOND, "-5 s"),
    ],
)
def test_words(ticks: int, words: str) -> None:
    """A length of time is told in three digits at most."""
    assert scale.words(ticks) == words


@pytest.mark.parametrize(
    ("length", "at_most", "labels", "unit"),
    [
        (5 * SECOND, 6, ["0", "1", "2", "3", "4", "5"], "s"),
        (1_250_000_000, 8, ["0", "0.2", "0.4", "0.6", "0.8", "1", "1.2"], "s"),
        (500_000_000, 5, ["0", "100", "200", "300", "400", "500"], "ms"),
        (125 * SECOND, 8, ["0:00", "0:30", "1:00", "1:30", "2:00"], "min:s"),
        (86_400 * SECOND, 8, ["0:00", "3:00", "6:00", "9:00", "12:00", "15:00", "18:00", "21:00", "24:00"], "h:min"),
    ],
)
def test_marks(length: int, at_most: int, labels: list[str], unit: str) -> None:
    """The marks stand at round numbers, in one unit."""
    found = scale.marks(length, at_most)

    assert [mark.label for mark in found.marks] == labels
    assert found.unit == unit


@given(st.integers(0, 10**18), st.integers(-1, 40))
def test_any_axis(length: int, at_most: int) -> None:
    """An axis has marks at equal distances from its start on, none beyond its end, and no more than asked for."""
    places = [mark.ticks for mark in scale.marks(length, at_most).marks]

    assert places[0] == 0
    assert len(places) <= max(at_most, 1) + 1
    assert all(place <= max(length, 1) for place in places)
    assert len({after - before for before, after in zip(places, places[1:], strict=False)}) <= 1
