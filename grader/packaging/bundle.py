"""Files as a zip that is the same, byte for byte, whenever it is made of the same files. It knows no platform."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
_UNIX: Final = 3
_TEXT: Final = frozenset(
    {"", ".py", ".sh", ".toml", ".md", ".txt", ".json", ".html", ".css", ".js", ".svg", ".csv", ".ini"}
)
_LEFT: Final = frozenset({"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"})


@dataclass(frozen=True)
class Member:
    """A file of the archive."""

    content: bytes
    executable: bool = False


def zipped(members: Mapping[str, Member]) -> bytes:
    """Return the zip of *members*, path -> file; not compressed, since compressors differ."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, member in sorted(members.items()):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = _UNIX
            info.external_attr = (0o100755 if member.executable else 0o100644) << 16
            archive.writestr(info, member.content)
    return out.getvalue()


def member(path: Path, *, executable: bool = False) -> Member:
    """Return a file of the disk as a member; text gets the line ends of Unix, whatever they are here."""
    content = path.read_bytes()
    return Member(content.replace(b"\r\n", b"\n") if path.suffix in _TEXT else content, executable)


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the regular files below *folder*, without caches and what starts with a dot; links are not followed."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in _LEFT or path.is_symlink():
            continue
        if path.is_dir():
            yield from files_below(path)
        elif path.is_file() and path.suffix != ".pyc":
            yield path
