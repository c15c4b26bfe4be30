"""Notices what a learner saves: by the system's file events, or, where these do not work, by looking again and again.

However an editor saves (in place, by another file's renaming, by deleting first), what is told is what the files hold
once they have come to rest, and only when that is something else than before. It judges nothing.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from grader.exercise import Exercise
from grader.learning.watch.events import Looking, Saved

LARGEST: Final = 1_000_000  # bytes of one file
EACH: Final = 0.3  # seconds between two looks
POLLING: Final = f"looking each {EACH} s, since file events do not work here"
_MOST_FILES: Final = 30
_REST: Final = 0.05  # seconds for which files stay the same, once a save is complete
_ABSENT: Final = 0.4  # seconds for which a file may be missing, or empty, while an editor saves
_RELIABLE: Final = 1.0  # seconds after which a look finds what events did not tell
_FORCED: Final = "WATCHFILES_FORCE_POLLING"

Found = tuple[Mapping[str, bytes] | None, str]


def look(exercise: Exercise) -> Found:
    """Return the learner's files of *exercise*, name -> content, or None and why there is nothing to judge.

    Beside the exercise's own file these are Python files that the learner has put there.
    """
    stub = exercise.stub
    try:
        if not exercise.folder.is_dir():
            return None, f"exercises/{exercise.name} is not here any more; once it is back, watching goes on"
        if not stub.is_file():
            return None, f"{stub.name} is not here any more: put it back, or press r for a fresh one"
        files = {path.name: path.read_bytes() for path in _learners(exercise) if path.stat().st_size <= LARGEST}
    except FileNotFoundError:
        return None, f"{stub.name} is not here any more: put it back, or press r for a fresh one"
    except OSError as error:
        return None, f"{stub.name} cannot be read: {error.strerror}"
    if stub.name not in files:
        return None, f"{stub.name} is larger than {LARGEST / 1e6:g} MB, which no answer has to be"
    return files, ""


def _learners(exercise: Exercise) -> list[Path]:
    ours = {exercise.test.name, "inside.py", "conftest.py"}
    beside = [
        p for p in sorted(exercise.folder.glob("*.py")) if p.name not in ours and p != exercise.stub and p.is_file()
    ]
    return [exercise.stub, *beside[:_MOST_FILES]]


class Saves:
    """Tells of the saves of one exercise, from a thread of its own, from the first look on."""

    def __init__(self, exercise: Exercise, tell: Callable[[Saved | Looking], None], *, polls: bool = False) -> None:
        """Start; *polls*: it is known that events do not work here."""
        self._exercise = exercise
        self._tell = tell
        self._ended = threading.Event()
        self._polls = polls or os.environ.get(_FORCED, "").lower() not in {"", "0", "false", "disable", "disabled"}
        threading.Thread(target=self._watch, name="saves", daemon=True).start()

    @property
    def polls(self) -> bool:
        """Whether it looks again and again, since events do not work here."""
        return self._polls

    def close(self) -> None:
        """Tell nothing more."""
        self._ended.set()

    def _watch(self) -> None:
        found, missed = look(self._exercise), False
        self._say(found)
        if self._polls:
            self._tell(Looking(POLLING))
        for told in self._chances():
            if self._ended.is_set():
                return
            fresh = look(self._exercise)
            if fresh == found:
                continue
            if not told and not self._polls and fresh[0] is not None and found[0] is not None:
                if not missed:
                    missed = True  # its event may be on its way
                    continue
                self._poll()
            missed = False
            fresh = self._at_rest(fresh)
            if fresh != found:
                found = fresh
                self._say(found)

    def _say(self, found: Found) -> None:
        if not self._ended.is_set():
            self._tell(Saved(self._exercise.name, *found))

    # -- when to look --------------------------------------------------------------------------------------

    def _chances(self) -> Iterator[bool]:
        """Yield when to look: True after an event, False when there was none for a while."""
        while not self._ended.is_set():
            if not self._polls:
                try:
                    yield from self._events()
                except Exception:  # noqa: BLE001 - whatever it is, events cannot be had
                    if self._exercise.folder.is_dir():
                        self._poll()
            self._ended.wait(EACH)
            yield True

    def _events(self) -> Iterator[bool]:
        """Yield at each event, and now and then without one; end when the folder is another one, or gone."""
        from watchfiles import watch  # noqa: PLC0415 - so that one who cannot have it can poll

        folder = self._exercise.folder
        itself = _identity(folder)
        options: dict[str, Any] = {
            "watch_filter": None,
            "debounce": 50,
            "step": 20,
            "recursive": False,
            "raise_interrupt": False,
        }
        options |= {"stop_event": self._ended, "rust_timeout": int(_RELIABLE * 1000), "yield_on_timeout": True}
        is_first = True  # what was saved before it watched has no event
        for changes in watch(folder, **options):
            yield bool(changes) or is_first
            is_first = False
            if self._polls or _identity(folder) != itself:
                return

    def _poll(self) -> None:
        self._polls = True
        self._tell(Looking(POLLING))

    def _at_rest(self, found: Found) -> Found:
        deadline = time.monotonic() + _ABSENT
        while not self._ended.wait(_REST):
            again = look(self._exercise)
            is_whole = again[0] is not None and again[0].get(self._exercise.stub.name) != b""
            if again == found and (is_whole or time.monotonic() > deadline):
                return again
            found = again
        return found


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
