"""The places where candidates live, one for each, on every level of isolation; it starts no process itself.

A cell says what a warm process is told to do to a candidate before it serves, and what the candidate calls the files.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from grader.judge.isolation import bubblewrap
from grader.judge.isolation.level import CannotIsolateError, Level, Limits
from grader.judge.isolation.places import House, Place
from grader.shipped import shipment

_WORK: Final = "/tmp/work"  # noqa: S108 - the candidate's own
_CHOWN, _KILL, _SETGID, _SETUID, _NET_ADMIN, _SYS_ADMIN = 0, 5, 6, 7, 12, 21  # capabilities
_OTHER_USERS: Final = (_CHOWN, _KILL, _SETGID, _SETUID)
_MANY_USERS: Final = 1 << 31


@dataclass
class Cell:
    """The place of one candidate.

    order: what the warm process is to do. submission, exercise: the folders, as the candidate calls them. limits: what
    it may use.
    """

    order: dict[str, Any]
    submission: str
    exercise: str
    place: Place
    limits: Limits

    def inside(self, path: Path) -> str:
        """Return what the candidate calls *path*, a file of the submission's or else of the exercise's."""
        if path.is_relative_to(self.place.origin):
            relative = path.relative_to(self.place.origin)
            if (self.place.copies / "submission" / relative).exists() or path.name != "inside.py":
                return str(Path(self.submission, relative))
        self.place.add(path)
        return str(Path(self.exercise, path.name))

    def bound(self, name: str) -> str:
        """Return in words the bound that its guard calls *name*."""
        return self.limits.words(name)

    @property
    def most_output(self) -> int:
        """How many bytes it may write past Python's own streams."""
        return self.limits.output


class Cells:
    """The cells of one run, on one level. All candidates of a submission have one place. `close` removes all files."""

    def __init__(self, level: Level, limits: Limits, hidden: Sequence[Path] = ()) -> None:
        """Make cells; `CannotIsolateError` where this machine cannot keep what *level* says. hidden: as of `View`."""
        if level is Level.STRONG:
            _require_strong()
        if level is Level.FULL:
            bubblewrap.find()
        self.level = level
        self.limits = limits
        # Whether we may mount without a namespace of users, and become any user.
        self.privileged = _may(*_OTHER_USERS, _NET_ADMIN, _SYS_ADMIN)
        came = shipment()  # beside the grader, which candidates need to read
        self._hidden = [*hidden, *([came] if came is not None else [])]
        self._house = House()
        self._places: dict[Path, Place] = {}
        self._number = 0

    def command(self) -> list[str]:
        """Return what to put before the command of a warm process."""
        if self.level is not Level.FULL:
            return []
        folder = self._house.folder
        view = bubblewrap.View(folder / "spool", folder / "shared", folder / "etc", self._hidden)
        return bubblewrap.command(view, own_users=not self.privileged)

    def place(self, submission: Path, *, whole_folder: bool) -> Place:
        """Return the place of a submission: of its file, or of its *whole_folder*."""
        if submission not in self._places:
            self._number += 1
            own_user = self.level is Level.STRONG or (self.level is Level.FULL and self.privileged)
            user = _user(self._number) if own_user else None
            self._places[submission] = self._house.new(submission, user, whole_folder=whole_folder)
        return self._places[submission]

    def new(self, submission: Path, *, whole_folder: bool) -> Cell:
        """Return a cell for a candidate of a submission."""
        place = self.place(submission, whole_folder=whole_folder)
        confine = self._confine(place)
        if self.level is Level.FULL:
            order = {"folder": bubblewrap.SUBMISSION, "cwd": _WORK, "confine": confine, **self._sandboxed(place)}
            return Cell(order, bubblewrap.SUBMISSION, bubblewrap.EXERCISE, place, self.limits)
        folder, exercise = str(place.copies / "submission"), str(place.copies / "exercise")
        order = {"folder": folder, "cwd": str(place.new_folder()), "confine": confine}
        return Cell(order, folder, exercise, place, self.limits)

    def release(self) -> None:
        """Let go of all submissions so far: their processes have ended."""
        places, self._places = list(self._places.values()), {}
        for place in places:
            if place.user is not None and self.level is Level.STRONG:
                _end_all_of(place.user)
            place.leave()

    def close(self) -> None:
        """Remove every copy."""
        self.release()
        self._house.close()

    def _sandboxed(self, place: Place) -> dict[str, Any]:
        limits = self.limits
        mounts = {
            "slot": place.name,
            "shared": str(place.shared),
            "disks": bubblewrap.DISKS,
            "kept": bubblewrap.kept(),
            "disk": limits.disk,
            "inodes": limits.inodes,
            "folder": _WORK,
            "user": place.user,
        }
        watch = {
            "memory": limits.memory,
            "threads": 2 * limits.processes,  # behind the kernel's own count
            "descriptors": limits.descriptors,
            "disk": limits.disk,
            "inodes": limits.inodes,
            "wall": limits.wall,
        }
        return {"mounts": mounts, "watch": watch}

    @cached_property
    def _readable(self) -> tuple[list[str], list[str]]:
        return (["/"], []) if self.level is Level.FULL else bubblewrap.readable(self._hidden)

    def _confine(self, place: Place) -> dict[str, Any]:
        limits, full = self.limits, self.level is Level.FULL
        readable, listed = self._readable
        return {
            "limits": {
                "cpu": limits.cpu,
                "address_space": limits.address_space,
                "processes": limits.processes,
                "files": limits.files,
                "file_size": limits.file_size,
            },
            "user": place.user,
            "users": full and not self.privileged,
            "rights": self.level >= Level.STRONG,
            "inet": full,
            "readable": readable if full else [str(place.copies), *readable, "/proc/self"],
            "listed": listed,
            "writable": ["/tmp", "/dev/shm", os.devnull] if full else [os.devnull],  # noqa: S108 - its own
            "shared": [str(place.shared)],
        }


def _may(*capabilities: int) -> bool:
    if os.geteuid() != 0:
        return False
    status = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    rights = next((int(line.split()[1], 16) for line in status if line.startswith("CapEff:")), 0)
    return all(rights >> number & 1 for number in capabilities)


def _require_strong() -> None:
    if not _may(*_OTHER_USERS):
        raise CannotIsolateError(
            "isolation strong needs a user of its own for each candidate, which only root can give: "
            "run it as root, or use isolation full, which needs no root"
        )
    for path in bubblewrap.bound():
        folder = Path(path)
        for place in (folder, *folder.parents):
            if not place.stat().st_mode & 0o001:
                raise CannotIsolateError(
                    f"isolation strong needs an interpreter and a grader that every user may read, and {place} is "
                    f"closed: install both elsewhere, or use isolation full"
                )


def _user(number: int) -> int:
    """Return the number of a user that nobody else is, as far as this machine has such."""
    ranges = [line.split() for line in Path("/proc/self/uid_map").read_text("ascii").splitlines()]
    known = max((int(first) + int(count) for first, _, count in ranges), default=0)
    if known >= _MANY_USERS:
        return 1_000_000_000 + os.getpid() % 4_194_304 * 256 + number % 256
    return 20_000 + (os.getpid() * 256 + number) % 40_000


def _end_all_of(user: int) -> None:
    # Again until a look finds none: one that forks on could be missed once.
    for _ in range(100):
        found = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal() and _belongs(path, user)]
        for process in found:
            with contextlib.suppress(OSError):
                _end(process, user)
        if not found:
            return


def _end(process: int, user: int) -> None:
    descriptor = os.pidfd_open(process)
    try:
        if _belongs(Path(f"/proc/{process}"), user):  # still: the number may have gone to another one meanwhile
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)
    finally:
        os.close(descriptor)


def _belongs(process: Path, user: int) -> bool:
    with contextlib.suppress(OSError, KeyError, ValueError):
        lines = dict(line.split(":", 1) for line in (process / "status").read_text("utf-8", "replace").splitlines())
        return str(user) in lines["Uid"].split() and not lines["State"].strip().startswith("Z")
    return False
