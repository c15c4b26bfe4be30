"""Submissions are judged ahead, each once, and nobody pays for another's trouble."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.batch.job import Job, Settings
from grader.notebook.autograde.pool import Pool, Read

ROOT = Path(__file__).parents[2]
NAME = "02_count_async"
REFERENCE = (ROOT / "solutions" / NAME / "count_async.py").read_bytes()
SETTINGS = Settings(ROOT, "virtual", "none")


def reader(told: list[str], student: str) -> Read:
    def read() -> tuple[Settings, Job]:
        told.append(student)
        return SETTINGS, Job(student, NAME, "count_async.py", {"count_async.py": REFERENCE})

    return read


def broken() -> None:
    raise ValueError("no such exercise")


@pytest.fixture
def told() -> list[str]:
    """Who was read, in order."""
    return []


@pytest.fixture
def make(told: list[str]) -> Callable[..., Pool]:
    def pool(students: str, ahead: str, **others: Read) -> Pool:
        handed = {(student, NAME): reader(told, student) for student in students}
        handed |= {(student, NAME): read for student, read in others.items()}
        return Pool(handed, [(student, NAME) for student in ahead], timed=False)

    return pool


def test_verdicts_are_given_out_in_any_order(make: Callable[..., Pool]) -> None:
    """Whoever is asked for is judged, be it ahead of time or now."""
    pool = make("abc", "ab")
    replies = [pool.result((student, NAME)) for student in "cab"]
    assert [reply and reply.student for reply in replies] == ["c", "a", "b"]
    assert all(reply is not None and reply.verdict is not None and reply.verdict.outcome == "PASS" for reply in replies)


def test_only_what_will_be_asked_for_is_read_ahead(make: Callable[..., Pool], told: list[str]) -> None:
    """What has a grade already costs nothing."""
    pool = make("abcd", "ad")
    pool.result(("a", NAME))
    assert told == ["a", "d"]


def test_nothing_handed_in_is_no_reply(make: Callable[..., Pool]) -> None:
    """An empty answer is told from one that fails."""
    pool = make("a", "a", n=lambda: None)
    assert pool.result(("n", NAME)) is None
    assert pool.result(("a", NAME)) is not None


def test_who_cannot_be_read_is_the_only_one_told(make: Callable[..., Pool]) -> None:
    """An error while reading ahead waits for the one it belongs to."""
    pool = make("ab", "axb", x=broken)
    assert pool.result(("a", NAME)) is not None
    assert pool.result(("b", NAME)) is not None
    with pytest.raises(ValueError, match="no such exercise"):
        pool.result(("x", NAME))
