"""Reads zip archives in memory, strictly. It knows no exercises, and never writes."""

from __future__ import annotations

import stat
import struct
import weakref
import zipfile
from collections.abc import Callable, Collection
from typing import IO, Final, TypeVar

from grader.intake import limits
from grader.intake.model import UnreadableError
from grader.intake.names import FILE, LINK, SPECIAL, Refused, Sieve

Opener = Callable[[], IO[bytes]]
_T = TypeVar("_T")

_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCAL: Final = 30  # bytes of a local header before its name


class Zip:
    """A zip archive. Opened anew for each reading, unless it is *kept* open, as one that holds a whole class is."""

    def __init__(self, opener: Opener, *, members: int = limits.MEMBERS, kept: bool = False) -> None:
        """Take *opener*, which returns the archive as a file that can seek, and how many *members* it may hold."""
        self._opener = opener
        self._members = members
        self._archive: zipfile.ZipFile | None = None
        self._kept = kept

    def listing(self) -> tuple[dict[str, int], list[Refused]]:
        """Return its files, path -> size, and what was left out and why; `UnreadableError`."""
        return self._with_archive(self._list)

    def read(self, names: Collection[str]) -> dict[str, bytes]:
        """Return the contents of the files of these names."""
        return self._with_archive(lambda archive: {name: _content(archive, name) for name in names})

    def _with_archive(self, work: Callable[[zipfile.ZipFile], _T]) -> _T:
        try:
            if self._archive is not None:
                return work(self._archive)
            file = self._opener()
            if self._kept:
                weakref.finalize(self, file.close)
                self._archive = self._opened(file)
                return work(self._archive)
            with file, self._opened(file) as archive:
                return work(archive)
        except UnreadableError:
            raise
        except Exception as error:  # the standard library raises what a broken header leads to
            raise UnreadableError(f"is no zip archive that can be read: {reason_of(error)}") from error

    def _opened(self, file: IO[bytes]) -> zipfile.ZipFile:
        _check_directory(file, self._members)
        return zipfile.ZipFile(file)

    def _list(self, archive: zipfile.ZipFile) -> tuple[dict[str, int], list[Refused]]:
        infos = archive.infolist()
        if any(info.flag_bits & _ENCRYPTED for info in infos):
            raise UnreadableError("is encrypted")
        _check_overlap(infos, archive.start_dir)
        if not self._kept:
            _check_growth(infos)
        sieve = Sieve(self._members)
        for info in infos:
            # What zipfile cuts off or turns into slashes is judged as it was.
            name = info.orig_filename
            if name.endswith("/") and "\\" not in name:
                continue
            kind = _kind(info)
            if sieve.offer(name, info.file_size, kind) and info.compress_type not in _METHODS:
                raise UnreadableError("is compressed in a way that is not read here; use an ordinary zip")
        return sieve.kept(), sieve.refused


def reason_of(error: Exception) -> str:
    """Return what an error of the standard library says, in one short line."""
    text = " ".join(str(error).split()) or type(error).__name__
    return "".join(c if c.isprintable() else "?" for c in text)[:100]


def _kind(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind in {0, stat.S_IFREG, stat.S_IFDIR}:
        return FILE
    return LINK if kind == stat.S_IFLNK else SPECIAL


def _check_directory(file: IO[bytes], members: int) -> None:
    # Before zipfile reads the directory into memory: how large does it say it is?
    end = file.seek(0, 2)
    file.seek(max(0, end - 65_557))
    tail = file.read(65_557)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise UnreadableError("is no zip archive, or only the beginning of one")
    _, _, _, _, count, size, _, _ = _END.unpack_from(tail, at)
    locator = tail[at - 20 : at] if at >= 20 else b""
    if locator[:4] == b"PK\x06\x07":
        file.seek(max(0, end - (len(tail) - at) - 20 - _END_64.size))
        record = file.read(_END_64.size)
        if len(record) == _END_64.size and record[:4] == b"PK\x06\x06":
            fields = _END_64.unpack(record)
            count, size = max(fields[6], fields[7]), fields[8]
    if count > members or size > limits.DIRECTORY:
        raise UnreadableError(f"says it holds more than {members} files")
    file.seek(0)


def _check_overlap(infos: list[zipfile.ZipInfo], directory: int) -> None:
    # Members that share their bytes are how a small archive becomes a large one.
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise UnreadableError("has members that overlap one another")
        name = info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437", "replace")
        end = info.header_offset + _LOCAL + len(name) + info.compress_size
    if end > directory:
        raise UnreadableError("has members that overlap its directory")


def _check_growth(infos: list[zipfile.ZipInfo]) -> None:
    full = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    check_growth(full, packed)


def check_growth(full: int, packed: int) -> None:
    """Refuse what grows from *packed* to *full* bytes as no honest archive does."""
    if full > limits.SUBMISSION and full > limits.RATIO * packed:
        raise UnreadableError(f"would grow to more than {limits.RATIO} times its size")


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    info = archive.getinfo(name)
    with archive.open(info) as file:
        content = file.read(info.file_size + 1)
        if len(content) != info.file_size:
            raise UnreadableError("says that a member has another size than it has")
        # The end of a member is where its checksum is looked at.
        if file.read(1):
            raise UnreadableError("says that a member has another size than it has")
    return content
