"""The log of what a learner has done: small, readable, never lost, and merged by putting lines together."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.learning import progress as room
from grader.learning.progress import (
    HINT,
    PASSED,
    RESET,
    RESUMED,
    REVEALED,
    SKIPPED,
    TRIED,
    Event,
    Log,
    NotSavedError,
    Progress,
    parse,
)

GATHER = "03_gather_weather"


@pytest.fixture
def mine(tmp_path: Path) -> Progress:
    return Progress(tmp_path / "progress.txt", tmp_path / ".onedelay" / "progress-copy.txt")


def test_a_person_can_read_it(mine: Progress) -> None:
    """Each event is a line with the time, the exercise and what was done."""
    mine.add([Event("2026-11-25T12:01:02Z", GATHER, TRIED), Event("2026-11-25T12:03:00Z", GATHER, HINT, 1)])
    assert mine.file.read_text("utf-8").splitlines()[1:] == [
        "2026-11-25T12:01:02Z  03_gather_weather  tried",
        "2026-11-25T12:03:00Z  03_gather_weather  hint 1",
    ]


def test_what_says_nothing_new_is_not_written(mine: Progress) -> None:
    """An exercise that passes a hundred times has one line."""
    for _ in range(3):
        mine.note(GATHER, TRIED)
        mine.note(GATHER, PASSED)
        mine.note(GATHER, HINT, 2)
        mine.note(GATHER, HINT, 1)
    assert [event.what for event in mine.read().events].count(PASSED) == 1
    assert len(mine.read().events) == 3


@pytest.mark.parametrize(
    ("events", "passed", "tried", "revealed", "skipped"),
    [
        ([TRIED], False, True, False, False),
        ([TRIED, PASSED], True, True, False, False),
        ([PASSED, RESET], False, False, False, False),
        ([PASSED, RESET, PASSED], True, True, False, False),
        ([REVEALED, PASSED], True, True, True, False),
        ([PASSED, REVEALED], True, True, False, False),
        ([SKIPPED], False, False, False, True),
        ([SKIPPED, PASSED], True, True, False, False),
        ([SKIPPED, RESUMED], False, False, False, False),
        ([SKIPPED, RESUMED, SKIPPED], False, False, False, True),
    ],
)
def test_how_far_an_exercise_is(events: list[str], passed: bool, tried: bool, revealed: bool, skipped: bool) -> None:
    """The standing follows from the events in the order of their times."""
    log = Log(tuple(Event(f"2026-01-0{day}T00:00:00Z", GATHER, what) for day, what in enumerate(events, 1)))
    standing = log.standing(GATHER)
    assert (bool(standing.passed), standing.tried, standing.revealed, standing.skipped) == (
        passed,
        tried,
        revealed,
        skipped,
    )
    assert log.standing("04_predict_the_clock") == room.Standing()


EVENTS = st.lists(
    st.builds(
        Event,
        st.integers(0, 59).map(lambda s: f"2026-01-01T00:00:{s:02}Z"),
        st.sampled_from([GATHER, "02_count_async"]),
        st.sampled_from([TRIED, PASSED, REVEALED, SKIPPED, RESET]),
    )
)


@given(EVENTS, EVENTS, EVENTS)
def test_merging_knows_no_order(one: list[Event], two: list[Event], three: list[Event]) -> None:
    """Lines put together in any order, twice or not, are the same log; and what is written is what is read."""

    def text(*logs: list[Event]) -> str:
        return "\n".join(str(event) for log in logs for event in log)

    assert parse(text(one, two, three)) == parse(text(three, one, two, one))
    assert parse(text(one)).events == tuple(sorted(set(one)))
    assert parse(text(one)).damage == ()


def test_a_merge_that_git_left_undone_is_read(mine: Progress) -> None:
    """The marks of a conflict are no damage: both sides count."""
    mine.file.write_text(
        f"<<<<<<< HEAD\n2026-01-01T00:00:00Z  {GATHER}  passed\n=======\n"
        "2026-01-02T00:00:00Z  02_count_async  passed\n>>>>>>> other\n",
        "utf-8",
    )
    log = mine.read()
    assert not log.damage
    assert log.standing(GATHER).passed
    assert log.standing("02_count_async").passed


@pytest.mark.parametrize(
    "damage",
    [b"", b"\0" * 300, b"2026-01-01T00:00:00Z  03_gath", b"\xff\xfe\x00garbage\n", b"not a line\n" * 3],
    ids=["empty", "zeros", "cut off", "binary", "other text"],
)
def test_damage_costs_nothing(mine: Progress, damage: bytes) -> None:
    """What was known before the file was damaged is known afterwards, and the next event repairs the file."""
    mine.note(GATHER, PASSED)
    mine.file.write_bytes(damage)
    assert mine.read().standing(GATHER).passed
    mine.note("02_count_async", TRIED)
    repaired = Progress(mine.file, mine.spare).read()
    assert not repaired.damage
    assert repaired.standing(GATHER).passed
    assert repaired.standing("02_count_async").tried
    if damage:
        assert (mine.spare.parent / "progress-damaged.txt").is_file()
        assert "unreadable" in mine.told[0]


def test_a_removed_file_is_a_new_beginning(mine: Progress) -> None:
    """Who removes the file starts over."""
    mine.note(GATHER, PASSED)
    mine.file.unlink()
    assert mine.read() == Log()
    mine.note("02_count_async", TRIED)
    assert not mine.read().standing(GATHER).passed


def test_where_nothing_can_be_written_one_line_says_so(tmp_path: Path) -> None:
    """A place that cannot be written is told in one line."""
    (tmp_path / ".onedelay").write_text("a file where a folder should be", "utf-8")
    with pytest.raises(NotSavedError, match=r"^progress is not saved: .*progress.txt: ") as caught:
        Progress(tmp_path / "progress.txt", tmp_path / ".onedelay" / "copy.txt").note(GATHER, TRIED)
    assert "\n" not in str(caught.value)


def test_a_write_that_fails_leaves_the_old_text(mine: Progress, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk loses nothing that was there."""
    mine.note(GATHER, PASSED)
    before = mine.file.read_text("utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotSavedError, match="No space left"):
        mine.note("02_count_async", TRIED)
    assert mine.file.read_text("utf-8") == before
    assert sorted(path.name for path in mine.file.parent.iterdir()) == [".onedelay", "progress.txt"]


def _write(folder: Path, number: int) -> None:
    mine = Progress(folder / "progress.txt", folder / ".onedelay" / "copy.txt")
    for exercise in range(10):
        mine.note(f"{number:02}_e{exercise}", TRIED)


def test_several_who_write_at_once_lose_nothing(tmp_path: Path) -> None:
    """Two terminals and an editor may note events at the same moment."""
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write, args=(tmp_path, number)) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert len(Progress(tmp_path / "progress.txt", tmp_path / ".onedelay" / "copy.txt").read().events) == 30


def test_a_lock_whose_owner_died_is_broken(mine: Progress) -> None:
    """A process that was killed while it wrote holds nobody up for long."""
    lock = mine.spare.with_name("progress.lock")
    lock.parent.mkdir()
    lock.touch()
    os.utime(lock, (time.time() - 60, time.time() - 60))
    mine.note(GATHER, TRIED)
    assert mine.read().standing(GATHER).tried
    assert not lock.exists()
