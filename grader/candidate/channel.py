"""The candidate's end of the wire: frames in, frames out; it knows neither clock nor calls."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Final, Protocol

from grader import wire

STDERR: Final = 2  # the descriptor: `sys.stderr` is the learner's to replace


class Channel(Protocol):
    """One end of a wire. sent: how many messages went out."""

    sent: int

    def send(self, message: wire.Message) -> None:
        """Send one message; never waits for an answer."""

    def receive(self) -> wire.Message | None:
        """Wait for the next message; None when the judge is gone."""


class PipeChannel:
    """Frames over two file descriptors."""

    def __init__(self) -> None:
        self._read_fd = self._write_fd = -1
        self._lock = threading.Lock()
        self._process = 0
        self.sent = 0

    def connect(self, read_fd: int, write_fd: int) -> None:
        """Use these descriptors, in this process."""
        self._read_fd, self._write_fd, self._process = read_fd, write_fd, os.getpid()

    def send(self, message: wire.Message) -> None:
        """Send one message as one frame; a forked child of the learner's has nothing to say here."""
        if os.getpid() != self._process:
            return
        self.sent += 1
        frame = memoryview(wire.pack(message))
        with self._lock:
            while frame:
                frame = frame[os.write(self._write_fd, frame) :]

    def receive(self) -> wire.Message | None:
        """Wait for one frame."""
        body = wire.read_frame(self._read)
        return None if body is None else wire.unpack(body)

    def _read(self, size: int) -> bytes:
        return os.read(self._read_fd, size)


class CallChannel:
    """Frames over two callables: the transport inside the judge's process."""

    def __init__(self, receive: Callable[[], bytes | None], send: Callable[[bytes], None]) -> None:
        self._receive = receive
        self._send = send
        self.sent = 0

    def send(self, message: wire.Message) -> None:
        """Send one message."""
        self.sent += 1
        self._send(wire.pack(message)[wire.HEADER.size :])

    def receive(self) -> wire.Message | None:
        """Wait for one message."""
        body = self._receive()
        return None if body is None else wire.unpack(body)
