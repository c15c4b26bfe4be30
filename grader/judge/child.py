"""What a candidate is to those who talk to it, wherever it runs and however it is kept apart. Types only."""

from __future__ import annotations

import queue
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from grader import wire
from grader.evidence import Died
from grader.judge.frames import PipedFrames

Frames = PipedFrames | queue.SimpleQueue[wire.Message | None]


class Child(Protocol):
    """A candidate, wherever it runs."""

    folder: Path
    virtual: bool
    parked: bool
    allowance: wire.Allowance  # of the present check
    patience: float | None  # seconds in which it takes a message, None for no bound
    on_frame: Callable[[], None]

    @property
    def frames(self) -> Frames:
        """What it sent, then None when it has ended."""

    def path_inside(self, path: Path) -> str:
        """Return what the candidate calls *path*, a file of the submission's or of the exercise's."""

    def door(self) -> socket.socket:
        """Return a new descriptor of a socket that listens on 127.0.0.1 where the candidate is."""

    def send(self, message: wire.Message) -> None:
        """Send one message."""

    def kill(self, after: float | None = None) -> None:
        """End the candidate at once."""

    def refuse(self, why: str) -> None:
        """End a candidate that broke the rules of the wire."""

    def hang_up(self) -> None:
        """Close the wire."""

    def close(self) -> None:
        """Let the candidate end, or end it; then clean up."""

    def how_it_died(self, limit: float) -> Died:
        """Return how the candidate ended."""

    def printed(self) -> str:
        """Return what was written past Python's own streams."""


class Lodging(Protocol):
    """Where a candidate lives that is kept apart. order: for its zygote; submission: its folder, as it calls it."""

    order: dict[str, Any]
    submission: str

    def inside(self, path: Path) -> str:
        """Return what the candidate calls *path*."""

    def bound(self, name: str) -> str:
        """Return in words the bound that its guard calls *name*."""

    @property
    def most_output(self) -> int:
        """How many bytes it may write past Python's own streams."""
