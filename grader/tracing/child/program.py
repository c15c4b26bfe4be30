"""One traced program: its clock, its tracer, how it ended, and the file that tells all of it. It does not run it.

The trace is ``trace.json`` in a folder; a file ``stop`` there ends the program, for the reason that is written in it.
"""

from __future__ import annotations

import atexit
import contextlib
import faulthandler
import json
import linecache
import os
import signal
import sys
import threading
import time
from typing import Any, Final, NoReturn

from grader.candidate.clock import RealClock, VirtualClock
from grader.tracing.child import alone, calls, census, loops
from grader.tracing.child.folder import folder_of
from grader.tracing.child.holds import BEAT
from grader.tracing.child.tracer import Tracer

STOPPED: Final = 1  # exit codes: stopped, or waiting for ever
NOT_VIRTUAL: Final = 2
INTERRUPTED: Final = 130  # what a shell says of Ctrl-C
_SOON, _SNAPSHOT = 0.2, 1.0  # seconds to the first, and between two later ones
_SMALL: Final = 5_000  # waits: to write down more would hold up the program itself

_leave, _sleep, _monotonic, _process = os._exit, time.sleep, time.monotonic, os.getpid()


class Program:
    """One program: its tracer, how it ended, and the file that tells both."""

    def __init__(self, folder: str, clock: str, script: str) -> None:
        self._folder, self._script, self._clock = folder, script, clock
        self._lock = threading.Lock()
        self._over = False
        # How, code, error, message, line, waiting: as `trace.Ending` has them.
        self.ending: list[Any] = ["done", 0, "", "", None, []]
        if clock == "virtual":
            virtual = VirtualClock(alone.NoJudge(self._stuck, self._horizon), lambda message: None)
            self.tracer = Tracer(virtual)
        else:
            self.tracer = Tracer(RealClock())
        self.tracer.lines.look_into(folder_of(script))
        self.tracer.lines.know(os.path.abspath(script))

    def install(self) -> None:
        """Put the process on its clock and watch it."""
        # Works when nothing of Python's own does any more: after a crash, or in the middle of a long call into C.
        stack = open(os.path.join(self._folder, "stack"), "w", encoding="utf-8")  # noqa: SIM115 - for good
        faulthandler.enable(file=stack)
        if hasattr(signal, "SIGXCPU"):
            faulthandler.register(signal.SIGXCPU, file=stack)
        threading.Thread(target=self._watch, name="onedelay", daemon=True).start()
        atexit.register(self.finish)
        os._exit = self._exits  # type: ignore[assignment]
        clock = self.tracer.clock
        if isinstance(clock, VirtualClock):
            alone.install(clock, self._outside)
            loops.install(self.tracer, loops.virtual_loops(self.tracer, clock))
        else:
            loops.install(self.tracer, loops.real_loops(self.tracer))
        self.tracer.left.watch_coroutines()

    # -- the end -------------------------------------------------------------------------------------------

    def ends(self, how: str, code: int, *, error: str = "", message: str = "", line: Any = None) -> None:
        """Note how the program ends, unless that is known already."""
        if not self._over and self.ending[0] == "done":
            self.ending = [how, code, error, message[:500], line, []]

    def finish(self) -> None:
        """Write the trace of a program that is over."""
        if os.getpid() != _process or self._over:  # a forked worker has nothing to say here
            return
        self.tracer.left.look_for_coroutines(list(self.tracer.known()))
        for name in ("uvloop", "winloop"):
            kind = getattr(sys.modules.get(name), "Loop", None)
            if kind is not None and not self.tracer.runs:
                self.tracer.say(loops.foreign(kind))
        self._write(last=True)

    def _stop(self, how: str, code: int, **facts: Any) -> NoReturn:
        """End the process now: nothing in it can, or may, go on."""
        waiting = census.waiting(self.tracer)
        self.ends(how, code, **facts)
        self.ending[-1] = waiting
        self._write(last=True)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        _leave(code)

    def _stuck(self) -> None:
        self._stop("deadlocked", STOPPED)

    def _horizon(self) -> None:
        self._stop("limit", STOPPED, message="a day of virtual time")

    def _outside(self, what: str) -> None:
        line = self.tracer.lines.line_here(sys._getframe(1))
        if line is None:  # in a thread of a library's: who waits for that?
            line = next((where for _, where in census.waiting(self.tracer)), None)
        self._stop("real", NOT_VIRTUAL, message=what, line=line)

    def _exits(self, code: int) -> NoReturn:
        if os.getpid() == _process:
            self.ends("exited", code, line=self.tracer.lines.line_here(sys._getframe(1)))
            self._write(last=True)
        _leave(code)

    def _write(self, *, last: bool) -> None:
        with self._lock:
            if self._over:
                return
            self._over = last
            facts = {"script": self._script, "python": sys.version.split()[0], "clock": self._clock}
            data = self.tracer.report({**facts, "ending": self.ending}, calls.name)
            path = os.path.join(self._folder, "trace.json")
            with open(f"{path}.new", "w", encoding="utf-8") as file:
                file.write(json.dumps({**data, "source": self._source(), "last": last}, separators=(",", ":")))
            os.replace(f"{path}.new", path)

    def _source(self) -> dict[str, list[str]]:
        """Return the text of the learner's files that were met with."""
        lines = self.tracer.lines
        found = {}
        for file in list(lines._files.values()):
            if file is not None:
                with contextlib.suppress(Exception):
                    found[file] = [text.rstrip("\n") for text in linecache.getlines(lines._root + file)]
        return found

    # -- beside it -----------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Look where the loops are, whether to stop, and keep what there is of the trace."""
        stop, beats = os.path.join(self._folder, "stop"), 0
        pause, due = _SOON, _monotonic() + _SOON
        while not self._over:
            _sleep(BEAT)
            beats += 1
            for loop in list(self.tracer.runs):
                if loop.running:
                    loop.turn.look(self.tracer.now(), self.tracer.lines.line_of)
            if beats % 10:
                continue
            if os.path.exists(stop):
                with open(stop, encoding="utf-8") as file:
                    how, _, message = file.read().partition(" ")
                self._stop(how, STOPPED if how == "limit" else INTERRUPTED, message=message)
            if _monotonic() > due and self.tracer.waits <= _SMALL:
                with contextlib.suppress(Exception):  # the program goes on meanwhile
                    self._write(last=False)
                pause = min(2 * pause, _SNAPSHOT)
                due = _monotonic() + pause
