"""Which lines of a program are the learner's own. It knows no event."""

from __future__ import annotations

import asyncio
import os
import sys
from types import FrameType
from typing import Any, Final

from grader.candidate.clock import Clock
from grader.candidate.recorder import Line, Recorder

TURN: Final = vars(asyncio.BaseEventLoop)["_run_once"].__code__  # of a loop, beyond which is who runs it
_OURS: Final = os.path.join(os.path.realpath(__file__).rpartition(os.path.join("tracing", "child"))[0], "")
_INSTALLED: Final = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")


class Lines(Recorder):
    """Tells the learner's lines, in one folder, from those of libraries; what a judge wants to know is not noted."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._lines: dict[tuple[str, int], Line | None] = {}

    def know(self, path: str) -> None:
        """Take the file at *path* for the learner's, whatever it is called."""
        self._files[path] = os.path.relpath(os.path.realpath(path), self._root)

    def line_of(self, filename: str, number: int) -> Line | None:
        """Return the learner's line, or None when the file is not theirs; of each line there is one object."""
        try:
            return self._lines[filename, number]
        except KeyError:
            line = self._lines[filename, number] = self._find(filename, number)
            return line

    def _find(self, filename: str, number: int) -> Line | None:
        if filename not in self._files and filename.endswith(".py"):
            path = os.path.realpath(filename)
            if path.startswith(_OURS) or any(name in path for name in _INSTALLED):
                self._files[filename] = None
        return super().line_of(filename, number)

    def line_here(self, frame: FrameType | None = None) -> Line | None:
        """Return the innermost line of the learner's on a stack, within what its event loop calls if it is in one."""
        frame = frame or sys._getframe(1)
        while frame is not None and frame.f_code is not TURN:
            line = self.line_of(frame.f_code.co_filename, frame.f_lineno)
            if line is not None:
                return line
            frame = frame.f_back
        return None

    def stepping(self, task: asyncio.Task[Any]) -> None:
        """Say nothing: the tracer sees the steps of tasks itself."""

    def parking(self) -> None:
        """Say nothing, for the same reason."""

    def is_inner(self, coroutine: Any, frame: FrameType | None) -> bool:
        """Return whether a task of *coroutine*, asked for in *frame*, is a library's: neither is the learner's."""
        code = getattr(coroutine, "cr_code", None)
        if code is not None and self.line_of(code.co_filename, 1) is not None:
            return False
        while frame is not None and str(frame.f_globals.get("__name__")).startswith(("asyncio", "grader.")):
            if frame.f_code is TURN:
                return True
            frame = frame.f_back
        return frame is not None and self.line_of(frame.f_code.co_filename, 1) is None

    def number_of(self, coroutine: Any) -> int:
        """Return a number that no other coroutine of the program has."""
        return self._serial(coroutine)
