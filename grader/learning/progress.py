"""What a learner has done so far: a log of events in a text file that people read too. It knows no exercise's files.

One line is one event: ``2026-11-25T12:01:02.345Z  03_gather_weather  passed``. The state of an exercise follows from
its events, so that two logs are merged by putting their lines together, in any order, twice or not: by hand, by git's
union merge, or by ``onedelay progress --merge``.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

TRIED: Final = "tried"
PASSED: Final = "passed"
HINT: Final = "hint"
REVEALED: Final = "revealed"
SKIPPED: Final = "skipped"
RESUMED: Final = "resumed"  # no longer skipped
RESET: Final = "reset"
_HEADER: Final = "# What you have done, an event in each line. Lines from another machine may be added, in any order.\n"
_EVENT: Final = re.compile(
    r"(?P<when>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z)\s+(?P<exercise>\d\d_[a-z][a-z0-9_]*)\s+"
    r"(?P<what>tried|passed|hint|revealed|skipped|resumed|reset)(?:\s+(?P<number>\d{1,3}))?"
)
_BETWEEN: Final = re.compile(r"\s*(#.*|<{7}.*|={7}|>{7}.*|\|{7}.*)?")  # comments, and what a merge left undone
_STALE: Final = 5.0  # seconds after which somebody who holds the lock is taken to have died


class NotSavedError(OSError):
    """The progress could not be written; the message is one line."""


@dataclass(frozen=True, order=True)
class Event:
    """Something done: *when* (UTC), with which *exercise* (NN_slug); number: of a hint."""

    when: str
    exercise: str
    what: str
    number: int = 0

    def __str__(self) -> str:
        """Return the event's line."""
        return f"{self.when}  {self.exercise}  {self.what}" + (f" {self.number}" if self.number else "")


@dataclass(frozen=True)
class Standing:
    """How far one exercise is. hints: how many were shown; revealed: the solution was shown before the first pass."""

    tried: bool = False
    passed: str = ""
    hints: int = 0
    revealed: bool = False
    skipped: bool = False


@dataclass(frozen=True)
class Log:
    """The events known, by time; *damage*: lines that say nothing."""

    events: tuple[Event, ...] = ()
    damage: tuple[str, ...] = ()

    def standing(self, exercise: str) -> Standing:
        """Return how far *exercise* is."""
        tried, passed, hints, revealed, skipped = False, "", 0, False, False
        for event in self.events:
            if event.exercise != exercise:
                continue
            if event.what == PASSED:
                tried, skipped, passed = True, False, passed or event.when
            elif event.what == RESET:
                tried, passed, skipped = False, "", False
            elif event.what == HINT:
                hints = max(hints, event.number)
            elif event.what == REVEALED:
                revealed = revealed or not passed
            elif event.what in {SKIPPED, RESUMED}:
                skipped = event.what == SKIPPED
            tried = tried or event.what == TRIED
        return Standing(tried, passed, hints, revealed, skipped)


@dataclass
class Progress:
    """The log in *file*, with a second copy in *spare*, from which a damaged file is put right."""

    file: Path
    spare: Path
    told: list[str] = field(default_factory=list)  # what was found damaged, a line each

    def read(self) -> Log:
        """Return the log; what is unreadable in it is left out, and made up for by the copy."""
        log = parse(_text(self.file))
        if not self.file.exists():
            return log  # removed on purpose: a new beginning
        if log.damage or not log.events:
            spare = parse(_text(self.spare))
            return Log(_together(log.events, spare.events), log.damage)
        return log

    def note(self, exercise: str, what: str, number: int = 0) -> None:
        """Add an event of now, unless it would change nothing; `NotSavedError`."""
        standing = self.read().standing(exercise)
        if _says_nothing_new(standing, what, number):
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.add([Event(now, exercise, what, number)])

    def add(self, events: Iterable[Event]) -> int:
        """Add *events* that are not there yet, all or none; return how many those are. `NotSavedError`."""
        try:
            with _locked(self.spare.with_name("progress.lock")):
                log = self.read()
                every = _together(log.events, tuple(events))
                if log.damage:
                    self._put_aside(log)
                text = _HEADER + "".join(f"{event}\n" for event in every)
                for path in (self.spare, self.file):
                    replace(path, text)
                return len(every) - len(log.events)
        except OSError as error:
            raise NotSavedError(f"progress is not saved: {self.file}: {error.strerror or error}") from None

    def _put_aside(self, log: Log) -> None:
        kept = self.spare.with_name("progress-damaged.txt")
        with kept.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in log.damage)
        count = len(log.damage)
        lines = "a line that was" if count == 1 else f"{count} lines that were"
        self.told.append(f"{self.file.name} held {lines} unreadable, now in {kept.parent.name}/{kept.name}")


def parse(text: str) -> Log:
    """Return the log that *text* holds."""
    events, damage = set(), []
    for line in text.splitlines():
        match = _EVENT.fullmatch(line.strip())
        if match is not None:
            events.add(Event(match["when"], match["exercise"], match["what"], int(match["number"] or 0)))
        elif not _BETWEEN.fullmatch(line):
            damage.append(line)
    return Log(tuple(sorted(events)), tuple(damage))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def _together(one: tuple[Event, ...], other: tuple[Event, ...]) -> tuple[Event, ...]:
    return tuple(sorted({*one, *other}))


def _says_nothing_new(standing: Standing, what: str, number: int) -> bool:
    return {
        TRIED: standing.tried,
        PASSED: bool(standing.passed),
        HINT: number <= standing.hints,
        REVEALED: standing.revealed or bool(standing.passed),
        SKIPPED: standing.skipped,
        RESUMED: not standing.skipped,
        RESET: not (standing.tried or standing.passed),
    }[what]


def replace(path: Path, text: str) -> None:
    """Write *text* to *path* such that at any moment either the old or the new text is there; `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Be the only one who writes; a lock whose owner died is broken after some seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    patience = time.monotonic() + _STALE
    while True:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _STALE or time.monotonic() > patience:
                    path.unlink()
            time.sleep(0.02)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
