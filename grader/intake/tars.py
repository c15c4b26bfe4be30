"""Reads tar archives in memory, strictly, plain or compressed. It knows no exercises, and never writes.

The standard library reads single headers; which follow one another is decided here, since a header can claim anything:
sizes below nothing, names of gigabytes, files with holes.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import IO, Final, Protocol

from grader.intake import limits
from grader.intake.model import UnreadableError
from grader.intake.names import FILE, LINK, SPECIAL, Refused, Sieve, is_junk
from grader.intake.zips import Opener, check_growth, reason_of

_BLOCK: Final = 512
_CHUNK: Final = 64 * limits.KIB
_EXTENSIONS: Final = {tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE}


@dataclass(frozen=True)
class _Member:
    name: str
    size: int
    kind: bytes


class Tar:
    """A tar archive. Read from its start each time, unless it is *kept*, as one that holds a whole class is."""

    def __init__(self, opener: Opener, *, members: int = limits.MEMBERS, kept: bool = False) -> None:
        """Take *opener*, which returns the archive as a file, and how many *members* it may hold."""
        self._opener = opener
        self._members = members
        self._expanded = limits.CLASS_EXPANDED if kept else limits.EXPANDED
        self._packed: dict[str, bytes] | None = {} if kept else None

    def listing(self) -> tuple[dict[str, int], list[Refused]]:
        """Return its files, path -> size, and what was left out and why; `UnreadableError`."""
        sieve = Sieve(self._members)
        kept = 0
        for member, content in self._walk(lambda member: self._packed is not None and not is_junk(_bare(member.name))):
            kind = FILE if member.kind in tarfile.REGULAR_TYPES else SPECIAL
            if member.kind in {tarfile.SYMTYPE, tarfile.LNKTYPE}:
                kind = LINK
            taken = sieve.offer(member.name, member.size, kind)
            if taken and self._packed is not None and content is not None:
                packed = zlib.compress(content, 1)
                kept += len(packed)
                if kept > limits.PACKED:
                    raise UnreadableError("holds too much for one archive; unpack it, and give the folder")
                self._packed[_bare(member.name)] = packed
        return sieve.kept(), sieve.refused

    def read(self, names: Collection[str]) -> dict[str, bytes]:
        """Return the contents of the files of these names."""
        if self._packed is not None:
            return {name: zlib.decompress(self._packed[name]) for name in names}
        wanted = set(names)
        contents = {}
        for member, content in self._walk(lambda member: _bare(member.name) in wanted):
            if content is not None:
                contents[_bare(member.name)] = content
        if wanted - contents.keys():
            raise UnreadableError("has changed")
        return contents

    def _walk(self, wanted: Callable[[_Member], bool]) -> Iterator[tuple[_Member, bytes | None]]:
        # Yields the members in their order, with their content where it is wanted and small enough to be kept.
        try:
            with self._opener() as file, closing(_plain(file)) as plain:
                counted = _Counted(plain, file, self._expanded, growing=self._packed is not None)
                yield from _members(counted, wanted)
                counted.drain()
        except UnreadableError:
            raise
        except Exception as error:  # decompressors raise what broken data leads to
            raise UnreadableError(f"is no tar archive that can be read: {reason_of(error)}") from error


def _bare(name: str) -> str:
    while name.startswith("./"):
        name = name[2:]
    return name


class _Counted:
    # Reads exactly what is asked for, and no more than may come out of the archive at all.

    # growing: what a class hands in may be alike, and pack well.

    def __init__(self, plain: IO[bytes], packed: IO[bytes], limit: int, *, growing: bool) -> None:
        self._plain = plain
        self._packed = packed
        self._limit = limit
        self._growing = growing
        self._total = 0

    def read(self, size: int) -> bytes:
        if self._total + size > self._limit:
            raise UnreadableError(f"would grow beyond {self._limit // limits.MIB} MiB")
        parts = []
        while size and (part := self._plain.read(min(size, _CHUNK))):
            parts.append(part)
            size -= len(part)
            self._count(part)
        if size and parts:
            raise UnreadableError("is only the beginning of an archive")
        return b"".join(parts)

    def drain(self) -> None:
        # What follows the last member is of no interest, but a compressed archive is checked at its end.
        while part := self._plain.read(_CHUNK):
            self._count(part)

    def _count(self, part: bytes) -> None:
        self._total += len(part)
        if self._total > self._limit:
            raise UnreadableError(f"would grow beyond {self._limit // limits.MIB} MiB")
        if not self._growing:
            check_growth(self._total, max(self._packed.tell(), 1))

    def skip(self, size: int) -> None:
        while size:
            step = min(size, _CHUNK)
            if len(self.read(step)) != step:
                raise UnreadableError("is only the beginning of an archive")
            size -= step


def _members(file: _Counted, wanted: Callable[[_Member], bool]) -> Iterator[tuple[_Member, bytes | None]]:
    name: str | None = None
    while block := file.read(_BLOCK):
        if not block.strip(b"\0"):
            return
        header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        if header.size < 0:
            raise UnreadableError("has a member of negative size")
        if header.type in _EXTENSIONS or header.type == tarfile.XGLTYPE:
            found = _extended(header, _data(file, header.size, limits.HEADER))
            name = found if found is not None else name
            continue
        # Only ordinary files have something after their header that counts.
        size = header.size if header.isreg() or header.type == tarfile.CONTTYPE else 0
        if header.type == tarfile.GNUTYPE_SPARSE:
            raise UnreadableError("holds a file with holes (sparse), which is not read")
        member = _Member(name if name is not None else header.name, size, header.type)
        name = None
        if header.isdir():
            continue
        if header.isreg() and size <= limits.ARCHIVE and wanted(member):
            yield member, _data(file, size, limits.ARCHIVE)
        else:
            yield member, None
            file.skip(_padded(size))
    raise UnreadableError("is only the beginning of an archive, or none")


def _padded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def _data(file: _Counted, size: int, limit: int) -> bytes:
    if size > limit:
        raise UnreadableError("has a header of unreasonable size")
    data = file.read(_padded(size))
    if len(data) != _padded(size):
        raise UnreadableError("is only the beginning of an archive")
    return data[:size]


def _extended(header: tarfile.TarInfo, data: bytes) -> str | None:
    # The name that an extended header gives to the member after it.
    if header.type == tarfile.GNUTYPE_LONGNAME:
        return data.rstrip(b"\0").decode("utf-8", "surrogateescape")
    if header.type == tarfile.GNUTYPE_LONGLINK:
        return None
    records = dict(_records(data))
    if "size" in records or any(key.startswith("GNU.sparse") for key in records):
        raise UnreadableError("holds a file with holes (sparse) or of unreasonable size, which is not read")
    if header.type == tarfile.XGLTYPE and "path" in records:
        raise UnreadableError("gives all of its members the same name")
    return records.get("path")


def _records(data: bytes) -> Iterator[tuple[str, str]]:
    # pax: "LENGTH key=value\n", the length counting itself.
    while data:
        digits, space, _ = data.partition(b" ")
        length = int(digits) if space and len(digits) < 8 and digits.isdigit() else 0
        record = data[len(digits) + 1 : length]
        if not record.endswith(b"\n") or length > len(data):
            raise UnreadableError("has a broken extended header")
        key, _, value = record[:-1].partition(b"=")
        yield key.decode("utf-8", "replace"), value.decode("utf-8", "surrogateescape")
        data = data[length:]


def _plain(file: IO[bytes]) -> IO[bytes]:
    start = file.read(6)
    file.seek(0)
    if start[:2] == b"\x1f\x8b":
        return io.BufferedReader(gzip.GzipFile(fileobj=file, mode="rb"), _CHUNK)
    if start[:3] == b"BZh":
        return io.BufferedReader(_Expanding(file, bz2.BZ2Decompressor), _CHUNK)
    if start == b"\xfd7zXZ\x00":
        return io.BufferedReader(_Expanding(file, lambda: lzma.LZMADecompressor(memlimit=limits.DICTIONARY)), _CHUNK)
    return file


class _Decompressor(Protocol):
    eof: bool
    needs_input: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Expanding(io.RawIOBase):
    # The standard library's own files for bz2 and xz have no limit on the memory that a header may ask for.

    def __init__(self, file: IO[bytes], start: Callable[[], object]) -> None:
        super().__init__()
        self._file = file
        self._start = start
        self._current: _Decompressor = start()  # type: ignore[assignment]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while True:
            if self._current.eof:
                rest = self._current.unused_data.lstrip(b"\0") or self._file.read(_CHUNK).lstrip(b"\0")
                if not rest:
                    return 0
                self._current = self._start()  # type: ignore[assignment]
                part = self._current.decompress(rest, len(buffer))
            else:
                fresh = self._file.read(_CHUNK) if self._current.needs_input else b""
                if not fresh and self._current.needs_input:
                    raise UnreadableError("is only the beginning of an archive")
                part = self._current.decompress(fresh, len(buffer))
            if part:
                buffer[: len(part)] = part
                return len(part)
