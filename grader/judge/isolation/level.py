"""How well a candidate is kept apart: four levels, in order. Values only; it starts nothing."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Level(enum.IntEnum):
    """How well a candidate is kept apart; a higher level holds all that a lower one does.

    FULL: namespaces and a file system of its own (bubblewrap). STRONG: a user of its own, Landlock, and a filter of
    system calls. WEAK: limits only. NONE: an ordinary child process, for one's own code.
    """

    NONE = 0
    WEAK = 1
    STRONG = 2
    FULL = 3

    @property
    def word(self) -> str:
        """Its name as one writes it on the command line."""
        return self.name.lower()

    @classmethod
    def parse(cls, text: str) -> Level:
        """Return the level that is called *text*; `ValueError` says which there are."""
        try:
            return cls[text.strip().upper()]
        except KeyError:
            known = ", ".join(level.word for level in reversed(cls))
            raise ValueError(f"isolation {text!r}: choose one of {known}") from None


class CannotIsolateError(Exception):
    """This machine cannot keep candidates apart as asked; the message says what is missing, and what to do."""


@dataclass(frozen=True)
class Limits:
    """What one candidate may use, with all the processes that it starts.

    memory: bytes of all its processes together. address_space: bytes of one. processes: with threads. files: open in
    one process; descriptors: open in all. file_size: bytes of one file. disk: bytes, inodes: files, each in ``/tmp``
    and again in ``/dev/shm``. cpu, wall: seconds from its first check to its last. output: bytes written past Python's
    own streams.
    """

    memory: int = 1 << 30
    address_space: int = 4 << 30
    processes: int = 256
    files: int = 512
    descriptors: int = 4096
    file_size: int = 64 << 20
    disk: int = 64 << 20
    inodes: int = 4096
    cpu: int = 600
    wall: int = 1200
    output: int = 64 << 20

    def words(self, name: str) -> str:
        """Return the bound called *name*, as a guard names it, in words."""
        return {
            "memory": f"{self.memory >> 20:,} MB of memory",
            "processes": f"{self.processes} processes and threads",
            "descriptors": f"{self.descriptors:,} open files",
            "disk": f"{self.disk >> 20} MB or {self.inodes:,} files of disk",
            "cpu": f"{self.cpu} s of processor time",
            "wall": f"{self.wall} s",
            "output": f"{self.output >> 20} MB of output",
        }[name]
