"""Levels are ordered, have names, and are measured by what was attempted."""

from __future__ import annotations

import pytest

from grader.judge.isolation.level import Level, Limits
from grader.judge.isolation.measured import Attempt, judged


def test_levels_are_ordered() -> None:
    """A level holds all that a lower one does."""
    assert [level.word for level in sorted(Level)] == ["none", "weak", "strong", "full"]


@pytest.mark.parametrize("level", list(Level))
def test_a_level_is_read_as_it_is_written(level: Level) -> None:
    """Its own word names it, in any case."""
    assert Level.parse(f" {level.word.title()} ") is level


def test_an_unknown_level_says_which_there_are() -> None:
    """The message names what was read and what can be had."""
    with pytest.raises(ValueError, match=r"'fulll': choose one of full, strong, weak, none"):
        Level.parse("fulll")


ATTEMPTS = [Attempt("a", Level.WEAK, True), Attempt("b", Level.STRONG, True), Attempt("c", Level.FULL, True)]


@pytest.mark.parametrize(
    ("asked", "possible", "reached"),
    [
        (Level.FULL, "", Level.FULL),
        (Level.STRONG, "", Level.STRONG),  # more was not asked for
        (Level.FULL, "c", Level.STRONG),
        (Level.FULL, "b", Level.WEAK),
        (Level.FULL, "a", Level.NONE),
        (Level.STRONG, "c", Level.STRONG),
    ],
)
def test_the_level_measured(asked: Level, possible: str, reached: Level) -> None:
    """It is the highest whose attempts were all blocked, and no higher than asked for."""
    attempts = [Attempt(one.what, one.needed, one.what != possible, "how") for one in ATTEMPTS]
    measured = judged(asked, attempts)
    assert measured.level is reached
    assert f"isolation {reached.word}" in measured.line
    assert (f"could {possible}" in measured.missing) == (reached is not asked)
    assert measured.table().count("\n") == 2
    assert measured.table().count("POSSIBLE how") == len(possible)


@pytest.mark.parametrize("bound", ["memory", "processes", "descriptors", "disk", "cpu", "wall", "output"])
def test_every_bound_has_words(bound: str) -> None:
    """What a guard can name, a report can say."""
    assert any(character.isdigit() for character in Limits().words(bound))
