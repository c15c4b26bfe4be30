"""However a file is saved, it is noticed once it is whole, and only when it is another."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.exercise import Exercise
from grader.learning.watch.events import Looking, Saved
from grader.learning.watch.saves import LARGEST, POLLING, Saves, look

SOON = 20.0  # seconds, on the busiest machine


class Told:
    """What was told, one after another."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.saves = Saves(exercise, self._queue.put)

    def next(self, seconds: float = SOON) -> Any:
        return self._queue.get(timeout=seconds)

    def text(self) -> str:
        """The file's content as it is told next; on a busy machine events may have come too late to be trusted."""
        saved = self.next()
        if isinstance(saved, Looking):
            saved = self.next()
        assert isinstance(saved, Saved), saved
        assert saved.files is not None, saved.trouble
        return saved.files[self.exercise.stub.name].decode()

    def trouble(self) -> str:
        """Why there is no file, as it is told next."""
        saved = self.next()
        if isinstance(saved, Looking):
            saved = self.next()
        assert isinstance(saved, Saved), saved
        return saved.trouble

    def nothing(self, seconds: float = 1.5) -> bool:
        try:
            self.next(seconds)
        except queue.Empty:
            return True
        return False


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    folder = tmp_path / "exercises" / "42_feed_cats"
    folder.mkdir(parents=True)
    (folder / "feed_cats.py").write_text("first")
    (folder / "test_feed_cats.py").write_text("FUNCTIONS = {}")
    return Exercise(folder)


@pytest.fixture
def watched(exercise: Exercise) -> Iterator[Callable[[], Told]]:
    """Watch the exercise; what was there at the beginning has been told."""
    every: list[Told] = []

    def start() -> Told:
        every.append(Told(exercise))
        assert every[-1].text() == "first"
        return every[-1]

    yield start
    for told in every:
        told.saves.close()


def in_place(path: Path, text: str) -> None:
    path.write_text(text)


def by_renaming(path: Path, text: str) -> None:
    fresh = path.with_name(".feed_cats.py.swp")
    fresh.write_text(text)
    fresh.replace(path)


def by_deleting(path: Path, text: str) -> None:
    path.unlink()
    time.sleep(0.1)
    path.write_text(text)


def bit_by_bit(path: Path, text: str) -> None:
    with path.open("w") as file:
        for character in text:
            file.write(character)
            file.flush()
            time.sleep(0.01)


def by_moving_away(path: Path, text: str) -> None:
    path.rename(path.with_name("feed_cats.py~"))
    path.write_text(text)


WAYS = (in_place, by_renaming, by_deleting, bit_by_bit, by_moving_away)


@pytest.mark.parametrize("polls", ["", "1"], ids=["events", "looking"])
@pytest.mark.parametrize("save", WAYS, ids=lambda way: way.__name__)
def test_a_save_is_told_once_it_is_whole(
    watched: Callable[[], Told], save: Callable[[Path, str], None], polls: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is told of the moments in which a file is empty, missing or half written."""
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", polls)
    told = watched()
    if polls:
        assert told.next() == Looking(POLLING)
    for text in ("second", "third"):
        save(told.exercise.stub, text)
        assert told.text() == text


def test_a_save_of_the_same_text_is_not_told(watched: Callable[[], Told]) -> None:
    """Nor are other files of the folder, but those that the learner's could import."""
    told = watched()
    told.exercise.stub.write_text("first")
    (told.exercise.folder / "notes.txt").write_text("a thought")
    told.exercise.test.write_text("FUNCTIONS = {}  # newer")
    assert told.nothing()
    (told.exercise.folder / "bowls.py").write_text("BOWLS = 3")
    saved = told.next()
    assert sorted(saved.files) == ["bowls.py", "feed_cats.py"]


def test_a_file_that_is_gone_is_told_and_its_return(watched: Callable[[], Told]) -> None:
    """Also when its whole folder goes."""
    told = watched()
    told.exercise.stub.unlink()
    assert "feed_cats.py is not here any more" in told.trouble()
    told.exercise.stub.write_text("second")
    assert told.text() == "second"
    elsewhere = told.exercise.folder.with_name("elsewhere")
    told.exercise.folder.rename(elsewhere)
    assert "once it is back" in told.trouble()
    elsewhere.rename(told.exercise.folder)
    assert told.text() == "second"
    told.exercise.stub.write_text("third")
    assert told.text() == "third"


def test_where_events_never_come_it_finds_out_and_looks(
    watched: Callable[[], Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on some network drives: the first save is late, and from then on it looks again and again."""

    def silent(*_: object, **__: object) -> Iterator[set[Any]]:
        while True:
            time.sleep(0.1)
            yield set()

    monkeypatch.setattr("watchfiles.watch", silent)
    told = watched()
    time.sleep(0.3)
    told.exercise.stub.write_text("second")
    assert told.next() == Looking(POLLING)
    assert told.text() == "second"
    told.exercise.stub.write_text("third")
    assert told.text() == "third"


def test_where_events_cannot_be_had_it_looks(watched: Callable[[], Told], monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the system has no more of them to give."""

    def broken(*_: object, **__: object) -> Iterator[set[Any]]:
        raise OSError("inotify watch limit reached")

    monkeypatch.setattr("watchfiles.watch", broken)
    told = watched()
    assert told.next() == Looking(POLLING)
    told.exercise.stub.write_text("second")
    assert told.text() == "second"


def test_what_is_no_answer_is_said_in_a_line(exercise: Exercise) -> None:
    """A file of any size, and something that is no file."""
    exercise.stub.write_bytes(b"#" * (LARGEST + 1))
    assert look(exercise) == (None, "feed_cats.py is larger than 1 MB, which no answer has to be")
    exercise.stub.unlink()
    exercise.stub.mkdir()
    assert "is not here any more" in look(exercise)[1]
