"""Results on disk: what is saved is there, whatever happens afterwards."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from grader.batch.job import Reply
from grader.batch.store import Store, Stored, StoreError

PASSED = {"outcome": "PASS", "clock": "virtual"}


def stored(student: str, *, settled: bool = True) -> Stored:
    return Stored(Reply(student, "03_gather_weather", (PASSED,), seconds=0.5), "digest", settled)


def test_a_result_is_on_disk_as_soon_as_it_is_saved(tmp_path: Path) -> None:
    """Another process sees it while the batch goes on."""
    store = Store(tmp_path / "grades.sqlite")
    store.save(stored("ada"))
    other = sqlite3.connect(tmp_path / "grades.sqlite")
    assert other.execute("SELECT student, settled FROM results").fetchall() == [("ada", 1)]


def test_a_result_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    """After the file was closed and opened again."""
    store = Store(tmp_path / "grades.sqlite")
    store.save(stored("ada"))
    store.close()
    assert list(Store(tmp_path / "grades.sqlite")) == [stored("ada")]


def test_a_final_result_takes_the_place_of_a_first_try(tmp_path: Path) -> None:
    """There is one result for each submission."""
    store = Store(tmp_path / "grades.sqlite")
    store.save(stored("ada", settled=False))
    store.save(stored("ada"))
    assert [item.settled for item in store] == [True]


def test_what_the_disk_has_no_room_for_is_kept_and_written_later(tmp_path: Path) -> None:
    """A full disk loses nothing."""
    store = Store(tmp_path / "grades.sqlite")
    pages = store._database.execute("PRAGMA page_count").fetchone()[0]
    store._database.execute(f"PRAGMA max_page_count = {pages}")
    many = [Reply(f"student{n}", "03_gather_weather", ({"outcome": "PASS", "printed": "x" * 3000},)) for n in range(20)]
    for reply in many:
        store.save(Stored(reply, "digest", settled=True))
    assert "full" in store.trouble
    assert [item.reply.student for item in store] == sorted(reply.student for reply in many)
    assert store.save_the_rest() > 0
    store._database.execute("PRAGMA max_page_count = 100000")
    assert store.save_the_rest() == 0
    assert len(Store(tmp_path / "grades.sqlite").done()) == 20


def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path: Path) -> None:
    """The message names the file."""
    path = tmp_path / "grades.sqlite"
    path.write_text("my notes, and more of them than fit into a header of a database, which has one hundred bytes" * 9)
    with pytest.raises(StoreError, match=r"grades\.sqlite cannot be used") as refused:
        Store(path)
    assert "\n" not in str(refused.value)
