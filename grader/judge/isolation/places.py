"""The folders of one submission: copies of its files, and one that the judge and its candidates share.

It knows files and users, and no process.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import shutil
import struct
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from grader.judge.isolation.bubblewrap import DISKS
from grader.judge.isolation.level import CannotIsolateError
from grader.judge.isolation.spool import copy, files_of

_NAME: Final = "onedelay-"
_LOCK: Final = "lock"
_NEW: Final = 60.0  # seconds
_ACL_VERSION: Final = 2
_ACL_OWNER, _ACL_USER, _ACL_GROUP, _ACL_MASK, _ACL_OTHERS = 1, 2, 4, 16, 32
_NOBODY: Final = 0xFFFFFFFF


class House:
    """All folders of a run: ``spool`` for copies, ``shared`` for what is written on both sides, ``etc`` for us."""

    def __init__(self) -> None:
        """Make them; `CannotIsolateError` where that cannot be."""
        try:
            self.folder = Path(tempfile.mkdtemp(prefix=_NAME, dir=DISKS))
        except OSError as error:
            why = os.strerror(error.errno or 0)
            raise CannotIsolateError(f"isolation needs a folder in {DISKS} for its files: {why}") from None
        self.folder.chmod(0o711)  # a candidate's user must pass
        self._lock = (self.folder / _LOCK).open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        _tidy_up(self.folder.parent)
        for name in ("spool", "shared", "etc"):
            (self.folder / name).mkdir(mode=0o711)
        self._numbers = itertools.count(1)

    def new(self, submission: Path, user: int | None, *, whole_folder: bool) -> Place:
        """Copy a submission, its file or its *whole_folder*, to a place of its own."""
        number = next(self._numbers)
        place = Place(str(number), self.folder, submission.parent, user)
        target = place.copies / "submission"
        target.mkdir(parents=True)
        (place.copies / "exercise").mkdir()
        for file, room in files_of(submission, whole_folder=whole_folder):
            copy(file, target / file.relative_to(submission.parent), room)
        place.shared.mkdir()
        if user is not None:
            _open_to(place.shared, user)
        return place

    def close(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.close()


def _tidy_up(disks: Path) -> None:
    """Remove the houses of runs that were killed: nobody holds their lock, and they are not just being made."""
    for lock in disks.glob(f"{_NAME}*/{_LOCK}"):
        with contextlib.suppress(OSError), lock.open("r+") as file:  # others' houses are closed to us, or going
            if lock.stat().st_uid == os.geteuid() and lock.stat().st_mtime < time.time() - _NEW:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parent, ignore_errors=True)


@dataclass
class Place:
    """The folders of one submission. origin: the folder it comes from. user: the number of its user, or None."""

    name: str
    house: Path
    origin: Path
    user: int | None
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def copies(self) -> Path:
        """The folder of ``submission`` and ``exercise``, to be read."""
        return self.house / "spool" / self.name

    @property
    def shared(self) -> Path:
        """The folder that both sides write to."""
        return self.house / "shared" / self.name

    def new_folder(self) -> Path:
        """Return a fresh folder that both sides may use, under one and the same path."""
        folder = self.shared / str(next(self._numbers))
        folder.mkdir()
        return folder

    def add(self, file: Path) -> None:
        """Show a file of the exercise's."""
        target = self.copies / "exercise" / file.name
        if not target.exists():
            copy(file, target)

    def leave(self) -> None:
        """Remove the folders."""
        for folder in (self.copies, self.shared):
            shutil.rmtree(folder, ignore_errors=True)


def _open_to(folder: Path, user: int) -> None:
    """Give *user* every right to what is or will be made in *folder*, whoever makes it."""
    everything = 7
    entries = [
        (_ACL_OWNER, everything, _NOBODY),
        (_ACL_USER, everything, user),
        (_ACL_GROUP, everything, _NOBODY),
        (_ACL_MASK, everything, _NOBODY),
        (_ACL_OTHERS, 0, _NOBODY),
    ]
    rights = struct.pack("<I", _ACL_VERSION) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    folder.chmod(0o770)
    os.chown(folder, user, -1)
    with contextlib.suppress(OSError):  # a file system without such lists: then folders inside are the judge's only
        os.setxattr(folder, "system.posix_acl_default", rights)
