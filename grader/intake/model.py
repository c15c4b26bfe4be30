"""What a folder of submissions holds, as values. It knows neither archives, nor the names that exports give."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from grader.classbook import Student


class IntakeError(Exception):
    """Nothing can be read, or no longer; the message is one line that says what and where."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One line for the instructor.

    source: where, as they know it. student_key, exercise: whom and what it concerns, where that is known.
    absent: whether nothing was handed in, rather than something that could not be read.
    """

    source: str
    text: str
    student_key: str | None = None
    exercise: str | None = None
    absent: bool = False

    def __str__(self) -> str:
        return f"{self.source}: {self.text}"


class Holder(Protocol):
    """Something that files can be read from: a folder or an archive."""

    def read(self, names: Collection[str]) -> dict[str, bytes]:
        """Return the contents of *names*; `Unreadable` when one of them cannot be read."""
        ...


class UnreadableError(Exception):
    """An archive or file cannot be read, or must not be; the message says why, without saying where."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file that was handed in, unread. source: as the instructor knows it; size: in bytes, as announced."""

    holder: Holder
    member: str
    size: int
    source: str

    def read(self) -> bytes:
        """Return its content."""
        return self.holder.read([self.member])[self.member]


def read_pieces(pieces: Mapping[str, Piece]) -> dict[str, bytes]:
    """Return the contents of *pieces*, each archive being opened once; `UnreadableError`."""
    wanted: defaultdict[int, dict[str, str]] = defaultdict(dict)
    holders: dict[int, Holder] = {}
    for path, piece in pieces.items():
        holders[id(piece.holder)] = piece.holder
        wanted[id(piece.holder)][path] = piece.member
    contents: dict[str, bytes] = {}
    for number, members in wanted.items():
        read = holders[number].read(members.values())
        contents.update({path: read[member] for path, member in members.items()})
    return contents


def digest_of(contents: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of names and contents, in the order of the names."""
    digest = hashlib.sha256()
    for path in sorted(contents):
        for part in (path.encode("utf-8", "surrogatepass"), contents[path]):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Submitted:
    """One student's submission of one exercise, read when asked for.

    exercise: ``NN_slug``. source: the file to grade as the instructor knows it, a path in SUBMISSIONS with
    ``archive.zip!inner/path``. main: its key in `files`. digest: SHA-256 of all names and contents, as first read.
    """

    student_key: str
    exercise: str
    source: str
    main: str
    digest: str
    pieces: Mapping[str, Piece] = field(repr=False, compare=False)

    def files(self) -> dict[str, bytes]:
        """Read everything that the graded module may import, path -> content; again at every call.

        `IntakeError` when it has gone or changed since it was first read.
        """
        try:
            contents = read_pieces(self.pieces)
        except UnreadableError as error:
            raise IntakeError(f"{self.source}: {error}") from error
        if digest_of(contents) != self.digest:
            raise IntakeError(f"{self.source}: changed while the class was being graded")
        return contents


@dataclass(frozen=True)
class Intake:
    """Everything that was handed in: students and submissions sorted, and what could not be read or matched.

    Who has neither a submission nor a problem of an exercise handed nothing in.
    """

    students: tuple[Student, ...]
    submitted: tuple[Submitted, ...]
    problems: tuple[Problem, ...]
