"""How long the loop is held on the real clock, and by which line. It is advice for the judge, as all of the recorder's.

A heartbeat in the loop measures the gaps; a thread that looks at the stacks during a gap sees the line. On the virtual
clock neither is needed: there a blocking call says so itself.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from typing import Final

from grader.candidate.clock import Clock
from grader.candidate.recorder import Line, Recorder
from grader.ticks import TICKS_PER_SECOND

BEAT: Final = 0.01  # seconds
_LATE: Final = 3 * BEAT
THREAD: Final = "watch"


class LoopWatch:
    """Watches one running loop, from its making to `stop`."""

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: Clock, recorder: Recorder) -> None:
        self._loop = loop
        self._clock = clock
        self._recorder = recorder
        self._owner = threading.get_ident()
        self._line: Line | None = None
        self._last = clock.now()
        self._stopped = False
        self._timer = loop.call_later(BEAT, self._beat)
        threading.Thread(target=self._look, name=THREAD, daemon=True).start()

    def stop(self) -> None:
        """End the heartbeat and the thread."""
        self._stopped = True
        self._timer.cancel()
        self._note()

    def _beat(self) -> None:
        self._note()
        if not self._stopped:
            self._timer = self._loop.call_later(BEAT, self._beat)

    def _note(self) -> None:
        now, line = self._clock.now(), self._line
        if now - self._last > _LATE * TICKS_PER_SECOND:
            self._recorder.add("holds", {"start": self._last, "end": now, "why": "blocking", "line": line, "calls": 1})
        self._last, self._line = now, None

    def _look(self) -> None:
        while not self._stopped:
            time.sleep(BEAT)
            if self._line is None and self._clock.now() - self._last > _LATE * TICKS_PER_SECOND:
                frames = sys._current_frames()
                own = frames.pop(self._owner, None)
                # Where the loop itself stands, or else a thread that keeps the interpreter from it.
                lines = [self._recorder.line_here(frame) for frame in (own, *frames.values()) if frame is not None]
                self._line = next((line for line in lines if line is not None), None)
