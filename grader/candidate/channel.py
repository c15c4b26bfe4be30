"""The candidate's end of the wire: frames in, frames out; it knows neither clock nor calls."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable, Iterator
from typing import Final, Protocol

from grader import wire

STDERR: Final = 2  # the descriptor: `sys.stderr` is the learner's to replace
_MAY_WAIT: Final = frozenset({"http", "ask", "client", "withdrawn"})
_MOST_HELD: Final = 1 << 16  # bytes


class Channel(Protocol):
    """One end of a wire. sent: how many messages went out; holding: some of them at the end of the turn."""

    sent: int
    holding: bool

    def send(self, message: wire.Message) -> None:
        """Send one message; never waits for an answer."""

    def receive(self) -> wire.Message | None:
        """Wait for the next message; None when the judge is gone."""


class PipeChannel:
    """Frames over two file descriptors.

    holding: questions to the judge may wait for the end of the turn, before which the judge does not look at them.
    """

    def __init__(self) -> None:
        self._write_fd = -1
        self._lock = threading.Lock()
        self._process = 0
        self._bodies: Iterator[bytes] = iter(())
        self._held = b""
        self.holding = False
        self.sent = 0

    def connect(self, read_fd: int, write_fd: int) -> None:
        """Use these descriptors, in this process."""
        self._write_fd, self._process = write_fd, os.getpid()
        self._bodies = itertools.chain.from_iterable(wire.batches(lambda size: os.read(read_fd, size)))

    def send(self, message: wire.Message) -> None:
        """Send one message as one frame; a forked child of the learner's has nothing to say here."""
        if os.getpid() != self._process:
            return
        self.sent += 1
        frame = wire.pack(message)
        with self._lock:
            self._held += frame
            # One write for fifty requests: each one wakes the judge.
            if self.holding and message["type"] in _MAY_WAIT and len(self._held) < _MOST_HELD:
                return
            frames, self._held = memoryview(self._held), b""
            while frames:
                frames = frames[os.write(self._write_fd, frames) :]

    def receive(self) -> wire.Message | None:
        """Wait for one frame."""
        body = next(self._bodies, None)
        return None if body is None else wire.unpack(body)


class CallChannel:
    """Frames over two callables: the transport inside the judge's process."""

    def __init__(self, receive: Callable[[], bytes | None], send: Callable[[bytes], None]) -> None:
        self._receive = receive
        self._send = send
        self.holding = False
        self.sent = 0

    def send(self, message: wire.Message) -> None:
        """Send one message."""
        self.sent += 1
        self._send(wire.pack(message)[wire.HEADER.size :])

    def receive(self) -> wire.Message | None:
        """Wait for one message."""
        body = self._receive()
        return None if body is None else wire.unpack(body)
