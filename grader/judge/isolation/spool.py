"""Copies of a submission's files: regular files only, no links, and not without end. It knows files only."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

MAX_FILES: Final = 1_000
MAX_BYTES: Final = 32 << 20
_DEEPEST: Final = 12


def files_of(submission: Path, *, whole_folder: bool) -> Iterator[tuple[Path, int]]:
    """Return a submission's file, then those of its *whole_folder*, each with the bytes that there is room for."""
    room = MAX_BYTES
    for place, file in enumerate(_files(submission, whole_folder=whole_folder)):
        if place == MAX_FILES:
            return
        yield file, room
        try:
            room -= min(room, file.lstat().st_size)
        except OSError:
            continue


def _files(submission: Path, *, whole_folder: bool) -> Iterator[Path]:
    yield submission
    if not whole_folder:
        return
    top = len(submission.parent.parts)
    for folder, folders, files in os.walk(submission.parent):
        place = Path(folder)
        deepest = len(place.parts) - top >= _DEEPEST
        folders[:] = [] if deepest else sorted(name for name in folders if name != "__pycache__")
        yield from (place / name for name in sorted(files) if place / name != submission)


def copy(source: Path, target: Path, room: int = MAX_BYTES) -> None:
    """Copy a regular file of at most *room* bytes; what is none, or a link, or cannot be read, is left out."""
    try:
        descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return  # whoever looks for it is told so
    with os.fdopen(descriptor, "rb") as file:
        known = os.fstat(descriptor)
        if stat.S_ISREG(known.st_mode) and known.st_size <= room:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read(room))
