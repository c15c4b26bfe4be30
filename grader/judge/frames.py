"""The messages of a candidate on the virtual clock, read by whoever waits for them: no thread stands between.

While the candidate has its turn the judge has nothing else to do, and while it has none its pipe holds what it says: a
flood waits there, not in the judge's memory.
"""

from __future__ import annotations

import queue
import select
from collections import deque
from collections.abc import Callable
from typing import IO, Final

from grader import wire

_CHUNK: Final = 1 << 16


class PipedFrames:
    """What `queue.SimpleQueue` is for a thread that reads, with as much of it as `Link` needs."""

    def __init__(
        self, stream: IO[bytes], accept: Callable[[bytes], wire.Message], refuse: Callable[[str], None]
    ) -> None:
        """Read frames from *stream*; *accept* checks one, *refuse* is told when that, or reading, was in vain."""
        self._stream = stream
        self._accept = accept
        self._refuse = refuse
        self._splitter = wire.Splitter()
        self._messages: deque[wire.Message] = deque()
        self._ended = False
        self._poll = select.poll()
        self._poll.register(stream, select.POLLIN)

    def empty(self) -> bool:
        """Return whether nothing that was read is left."""
        return not self._messages

    def get(self, timeout: float | None = None) -> wire.Message | None:
        """Return the next message, None when there will be none; `queue.Empty` after *timeout* seconds without one."""
        while not self._messages:
            if self._ended:
                return None
            if not self._poll.poll(None if timeout is None else timeout * 1000):
                raise queue.Empty
            self._read()
        return self._messages.popleft()

    def _read(self) -> None:
        try:
            data = self._stream.read(_CHUNK)
            self._ended = not data
            self._messages += map(self._accept, self._splitter.feed(data))
        except (wire.WireError, OSError, ValueError) as error:
            self._ended = True
            self._refuse(str(error))
