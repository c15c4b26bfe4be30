"""A candidate in a thread of the judge's own process, so that a debugger reaches the learner's code.

The one place where the judge imports the candidate. It isolates nothing and limits nothing: never for a grade.
"""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from grader import wire
from grader.candidate.channel import CallChannel
from grader.candidate.install import install
from grader.candidate.session import Session
from grader.evidence import Died


class InProcess:
    """A `Child` that is a thread."""

    def __init__(self, folder: Path, *, virtual: bool) -> None:
        self.folder = folder
        self.virtual = virtual
        self.parked = False
        self.allowance = wire.Allowance()
        self.patience: float | None = None
        self.frames: queue.SimpleQueue[wire.Message | None] = queue.SimpleQueue()
        self.on_frame: Callable[[], None] = lambda: None
        self._inbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="candidate", daemon=True)
        self._thread.start()

    def path_inside(self, path: Path) -> str:
        """Return the path: it is the same process."""
        return str(path)

    def door(self) -> socket.socket:
        """Return a socket that listens on 127.0.0.1."""
        return socket.create_server(("127.0.0.1", 0))

    def send(self, message: wire.Message) -> None:
        """Send one message."""
        self._inbox.put(wire.pack(message)[wire.HEADER.size :])

    def kill(self, after: float | None = None) -> None:  # noqa: ARG002 - as `Child`
        """Close the wire: a thread cannot be ended from outside."""
        self.hang_up()

    def refuse(self, why: str) -> None:  # noqa: ARG002 - as `Child`
        """Close the wire: a thread cannot be ended from outside."""
        self.hang_up()

    def hang_up(self) -> None:
        """Close the wire."""
        self._inbox.put(None)

    def close(self) -> None:
        """Close the wire and wait a moment for the thread."""
        self.hang_up()
        self._thread.join(1.0)

    def how_it_died(self, limit: float) -> Died:  # noqa: ARG002 - as `Child`
        """Return that the candidate's thread ended."""
        return Died("exit", "0")

    def printed(self) -> str:
        """Return nothing: in the judge's process, output goes where pytest's does."""
        return ""

    def _run(self) -> None:
        channel = CallChannel(self._inbox.get, self._receive)
        session = Session(channel, virtual=self.virtual, alone=False)
        remove = install(session)
        try:
            session.run(str(self.folder))
        finally:
            remove()
            self.frames.put(None)
            self.on_frame()

    def _receive(self, body: bytes) -> None:
        self.frames.put(wire.check_message(wire.unpack(body)))
        self.on_frame()
