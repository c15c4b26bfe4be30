"""A folder and an archive looked at alike: things in rooms, each a file or a room itself. It knows no exercises."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, Protocol

from grader.intake import limits
from grader.intake.model import Piece, UnreadableError
from grader.intake.names import FILE, LINK, SPECIAL, Refused, Sieve, fault_of, is_junk, printable
from grader.intake.tars import Tar
from grader.intake.zips import Opener, Zip

_TARS: Final = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz")
_UNREAD: Final = (".rar", ".7z", ".zst", ".lz", ".gz", ".bz2", ".xz", ".z", ".cab", ".iso", ".jar", ".whl", ".egg")
ARCHIVES: Final = (".zip", *_TARS)


def archive_end(name: str) -> str | None:
    """Return the ending that makes *name* that of an archive which can be read."""
    return next((end for end in ARCHIVES if name.lower().endswith(end)), None)


def is_foreign_archive(name: str) -> bool:
    """Tell whether *name* is that of an archive which cannot be read here."""
    return archive_end(name) is None and name.lower().endswith(_UNREAD)


class Room(Protocol):
    """Where things are: a folder, an archive, or a folder in one."""

    @property
    def name(self) -> str:
        """The last part of what it is called."""
        ...

    @property
    def source(self) -> str:
        """What the instructor calls it: a path in SUBMISSIONS, with ``archive.zip!inner/path``; empty for all of it."""
        ...

    def rooms(self) -> list[Room]:
        """Return the folders in it, by name."""
        ...

    def pieces(self) -> dict[str, Piece]:
        """Return the files directly in it, name -> piece."""
        ...

    def tree(self) -> tuple[dict[str, Piece], list[Refused]]:
        """Return all files below it, path -> piece, and what was left out and why; `UnreadableError`."""
        ...

    def refused(self) -> list[Refused]:
        """Return what directly in it was left out and why."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on disk. Symbolic links are not followed, and nothing is opened but ordinary files."""

    path: Path
    source: str = ""

    @property
    def name(self) -> str:
        """Its name."""
        return self.path.name

    def rooms(self) -> list[Room]:
        """Return the folders in it, by name."""
        return [self._inner(entry) for entry in self._entries() if _is_folder(entry) and fault_of(entry.name) is None]

    def _inner(self, entry: os.DirEntry[str]) -> Folder:
        return Folder(self.path / entry.name, f"{self.source}{entry.name}/")

    def _entries(self) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.path) as entries:
                return sorted((e for e in entries if not is_junk(e.name)), key=lambda entry: entry.name)
        except OSError as error:
            raise UnreadableError(f"cannot be read: {error.strerror}") from error

    def _looked_at(self) -> tuple[dict[str, int], list[Refused]]:
        sieve = Sieve(limits.CLASS_MEMBERS)
        for entry in self._entries():
            if _is_folder(entry):
                if fault := fault_of(entry.name):
                    sieve.refuse(entry.name, fault)
                continue
            _offer(sieve, entry, entry.name)
        return sieve.kept(apart=True), sieve.refused

    def pieces(self) -> dict[str, Piece]:
        """Return the files directly in it."""
        return {name: Piece(self, name, size, self.source + name) for name, size in self._looked_at()[0].items()}

    def refused(self) -> list[Refused]:
        """Return what directly in it was left out and why."""
        return self._looked_at()[1]

    def tree(self) -> tuple[dict[str, Piece], list[Refused]]:
        """Return all files below it."""
        sieve = Sieve(limits.MEMBERS)
        self._gather(sieve, "")
        pieces = {path: Piece(self, path, size, self.source + path) for path, size in sieve.kept().items()}
        return pieces, sieve.refused

    def _gather(self, sieve: Sieve, prefix: str) -> None:
        try:
            entries = self._entries()
        except UnreadableError as error:
            if not prefix:
                raise
            sieve.refuse(prefix.rstrip("/"), str(error))
            return
        for entry in entries:
            path = prefix + entry.name
            if not _is_folder(entry):
                _offer(sieve, entry, path)
            elif fault := fault_of(path):
                sieve.refuse(path, fault)
            else:
                self._inner(entry)._gather(sieve, path + "/")

    def read(self, names: Collection[str]) -> dict[str, bytes]:
        """Return the contents of files in it."""
        return {name: read_file(self.path / name) for name in names}


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _offer(sieve: Sieve, entry: os.DirEntry[str], path: str) -> None:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        sieve.refuse(path, f"cannot be read: {error.strerror}")
        return
    kind = FILE if stat.S_ISREG(status.st_mode) else LINK if stat.S_ISLNK(status.st_mode) else SPECIAL
    sieve.offer(path, status.st_size, kind)


def open_file(path: Path) -> IO[bytes]:
    """Open an ordinary file, no link and no device; `UnreadableError`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableError("is no ordinary file")
    return os.fdopen(descriptor, "rb")


def read_file(path: Path, limit: int = limits.FILE) -> bytes:
    """Return the content of an ordinary file of at most *limit* bytes; `UnreadableError`."""
    with open_file(path) as file:
        try:
            content = file.read(limit + 1)
        except OSError as error:
            raise UnreadableError(f"cannot be read: {error.strerror}") from error
    if len(content) > limit:
        raise UnreadableError(f"is larger than {limit // limits.MIB} MiB")
    return content


@dataclass(frozen=True)
class Inside:
    """A folder in an archive, or all of it. files: path below here -> piece."""

    name: str
    source: str
    files: Mapping[str, Piece]
    left_out: list[Refused] = field(default_factory=list)

    def rooms(self) -> list[Room]:
        """Return the folders in it, by name."""
        inner: dict[str, Inside] = {}
        pieces: dict[str, dict[str, Piece]] = {}
        for path, piece in self.files.items():
            first, slash, rest = path.partition("/")
            if slash:
                pieces.setdefault(first, {})[rest] = piece
        for name in sorted(pieces):
            inner[name] = Inside(name, f"{self.source}{name}/", pieces[name])
        for path, why in self.left_out:
            first, slash, rest = path.partition("/")
            if slash and first in inner:
                inner[first].left_out.append((rest, why))
        return list(inner.values())

    def pieces(self) -> dict[str, Piece]:
        """Return the files directly in it."""
        return {path: piece for path, piece in sorted(self.files.items()) if "/" not in path}

    def refused(self) -> list[Refused]:
        """Return what was left out and why, but for what its folders tell."""
        inside = {path.partition("/")[0] for path in self.files if "/" in path}
        return [(path, why) for path, why in self.left_out if path.partition("/")[0] not in inside or "/" not in path]

    def tree(self) -> tuple[dict[str, Piece], list[Refused]]:
        """Return all files below it."""
        return dict(self.files), self.left_out


def open_archive(name: str, source: str, opener: Opener, *, whole_class: bool = False) -> Inside:
    """Return what is in an archive; `UnreadableError`.

    *source* is what the instructor calls it. Archives of a *whole_class* may be larger, and stay open or in memory.
    """
    end = archive_end(name)
    members = limits.CLASS_MEMBERS if whole_class else limits.MEMBERS
    kind = Zip if end == ".zip" else Tar
    archive = kind(opener, members=members, kept=whole_class)
    sizes, refused = archive.listing()
    pieces = {path: Piece(archive, path, size, f"{source}!{path}") for path, size in sizes.items()}
    return Inside(name[: len(name) - len(end or "")], f"{source}!", pieces, refused)


def opener_of(piece: Piece) -> Opener:
    """Return what opens an archive that was handed in; `UnreadableError` when it is too large."""
    if piece.size > limits.ARCHIVE:
        raise UnreadableError(f"is an archive larger than {limits.ARCHIVE // limits.MIB} MiB")
    if isinstance(piece.holder, Folder):
        path = piece.holder.path / piece.member
        return lambda: open_file(path)
    return lambda: io.BytesIO(piece.read())


def read_large(piece: Piece, limit: int) -> bytes:
    """Return the content of a file of at most *limit* bytes, be it larger than a submission's; `UnreadableError`."""
    if isinstance(piece.holder, Folder):
        return read_file(piece.holder.path / piece.member, limit)
    if piece.size > limit:
        raise UnreadableError(f"is larger than {limit // limits.MIB} MiB")
    return piece.read()


def shown_names(names: Iterable[str], most: int = 3) -> str:
    """Return a few of *names* for a message."""
    every = sorted(names)
    shown = ", ".join(printable(name, 60) for name in every[:most])
    return f"{shown} and {len(every) - most} more" if len(every) > most else shown
