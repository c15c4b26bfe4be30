"""What the learner prints, on its way to the judge; it does not know what is printed."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Final

MAX_OUTPUT: Final = 200_000


class WireOutput(io.RawIOBase):
    """A standard stream that sends whole lines, up to a cap for each check."""

    def __init__(self, send: Callable[[str], None]) -> None:
        super().__init__()
        self._send = send
        self._pending = b""
        self._room = MAX_OUTPUT

    def writable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return 1: what C code and child processes write to is captured there."""
        return 1

    def write(self, data: object) -> int:
        """Take *data*; what is beyond the cap is dropped."""
        written = bytes(data)  # type: ignore[call-overload]
        kept = written[: self._room]
        self._room -= len(kept)
        self._pending += kept
        if b"\n" in kept or len(self._pending) > 4096:
            self.send_pending()
        return len(written)

    def send_pending(self) -> None:
        """Send what has been written so far."""
        if self._pending:
            text, self._pending = self._pending.decode("utf-8", "replace"), b""
            self._send(text)

    def reset(self) -> None:
        """Begin another check."""
        self.send_pending()
        self._room = MAX_OUTPUT
