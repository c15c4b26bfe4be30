"""Hints as a terminal shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.exercise import Exercise, exercises_in
from grader.learning.hints import hints, hints_of

EXERCISES = exercises_in(Path(__file__).parents[2] / "exercises")


def test_hints_are_read_from_the_readme() -> None:
    """Numbered items below the heading are hints, without their markup; code is indented."""
    text = (
        "# T\n## Hints\n\n1. <details><summary>a</summary>\n   first</details>\n2. second\n\n"
        "   ```python\n   x = 1\n   if a < b:\n       y = '<summary>'\n   ```\n\n   after\n\n## After\n1. no\n"
    )
    first, second = hints_of(text)
    assert first == "a\nfirst"
    assert second == "second\n\n    x = 1\n    if a < b:\n        y = '<summary>'\n\nafter"


def test_no_heading_no_hints() -> None:
    """A README without hints has none."""
    assert hints_of("# T\n\n1. one\n") == []


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_every_exercise_has_hints_that_read_as_text(exercise: Exercise) -> None:
    """Each exercise has at least two hints, and none of them shows markup."""
    found = hints(exercise)
    assert len(found) >= 2
    for text in found:
        assert not any(mark in text for mark in ("<details", "</", "<summary", "```")), text
