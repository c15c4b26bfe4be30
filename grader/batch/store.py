"""Results on disk, each in a transaction of its own, so that nothing is lost whenever the batch ends. SQLite.

It knows neither judges nor reports. What cannot be written (a full disk) is kept in memory, and written later.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grader.batch.job import Key, Reply

FORMAT: Final = "onedelay/batch/v1"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS batch (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS results (
  student TEXT NOT NULL, exercise TEXT NOT NULL, digest TEXT NOT NULL, isolation TEXT NOT NULL,
  settled INTEGER NOT NULL, fault TEXT NOT NULL, seconds REAL NOT NULL, verdicts TEXT NOT NULL,
  PRIMARY KEY (student, exercise)
);
"""


class StoreError(Exception):
    """The file cannot be used; the message is one line."""


@dataclass(frozen=True)
class Stored:
    """A result: *digest* of the files that were graded, whether it is final."""

    reply: Reply
    digest: str
    settled: bool


class Store:
    """The results of one batch, in a file. `StoreError` when it cannot be opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._unsaved: dict[Key, Stored] = {}
        self.trouble = ""  # why the last result could not be saved
        try:
            self._database = sqlite3.connect(path, isolation_level=None)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")  # a result that is reported survives a power cut
            self._database.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise StoreError(f"{path} cannot be used: {error}") from None

    # -- what the batch was started with ---------------------------------------------------------------------

    @property
    def facts(self) -> dict[str, str]:
        """What `begin` wrote; nothing for a new file."""
        return dict(self._database.execute("SELECT name, value FROM batch"))

    def begin(self, facts: Mapping[str, str]) -> None:
        """Write what the batch is started with; `StoreError`."""
        rows = [*facts.items(), ("format", FORMAT)]
        try:
            with self._database:
                self._database.executemany("INSERT OR REPLACE INTO batch VALUES (?, ?)", rows)
        except sqlite3.Error as error:
            raise StoreError(f"{self.path} cannot be written: {error}") from None

    # -- results ---------------------------------------------------------------------------------------------

    def save(self, stored: Stored) -> None:
        """Keep a result, in place of an earlier one; see `trouble` when only memory could take it."""
        reply = stored.reply
        row = (
            *reply.key,
            stored.digest,
            reply.isolation,
            stored.settled,
            reply.fault,
            reply.seconds,
            json.dumps(reply.verdicts),
        )
        try:
            self._database.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        except sqlite3.Error as error:
            self.trouble = str(error)
            self._unsaved[reply.key] = stored
        else:
            self._unsaved.pop(reply.key, None)

    def save_the_rest(self) -> int:
        """Try again to write what could not be written; return how many results are still in memory only."""
        for stored in list(self._unsaved.values()):
            self.save(stored)
        return len(self._unsaved)

    def done(self) -> dict[Key, tuple[str, bool]]:
        """Return what is there: key -> digest of the files, and whether the result is final."""
        rows = self._database.execute("SELECT student, exercise, digest, settled FROM results")
        return {(student, exercise): (digest, bool(settled)) for student, exercise, digest, settled in rows}

    def get(self, key: Key) -> Stored | None:
        """Return one result."""
        if key in self._unsaved:
            return self._unsaved[key]
        columns = "digest, isolation, settled, fault, seconds, verdicts"
        query = f"SELECT {columns} FROM results WHERE (student, exercise) = (?, ?)"  # noqa: S608 - ours
        row = self._database.execute(query, key).fetchone()
        if row is None:
            return None
        digest, isolation, settled, fault, seconds, verdicts = row
        return Stored(Reply(*key, tuple(json.loads(verdicts)), fault, seconds, isolation), digest, bool(settled))

    def __iter__(self) -> Iterator[Stored]:
        """Return the results, one after another."""
        for key in sorted({*self.done(), *self._unsaved}):
            stored = self.get(key)
            assert stored is not None
            yield stored

    def close(self) -> None:
        """Close the file."""
        self._database.close()
