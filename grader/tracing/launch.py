"""Runs a script in a traced process of its own, to its end. It reads no trace, so that it starts at once."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final

STOP: Final = "stop"  # a file in the folder: how it was stopped, and the limit
_MOMENT: Final = 0.2  # seconds, to write down a stack
_GRACE: Final = 2.0  # seconds for a program to end after it was told to


@dataclass(frozen=True)
class Request:
    """What to run. limit: seconds of real time after which it is stopped, or None."""

    script: str
    arguments: Sequence[str] = ()
    virtual: bool = False
    limit: float | None = None

    @property
    def clock(self) -> str:
        """Return ``virtual`` or ``real``."""
        return "virtual" if self.virtual else "real"


@dataclass(frozen=True)
class Running:
    """The script's process, and the *folder* in which it leaves its trace."""

    request: Request
    folder: Path
    process: subprocess.Popen[bytes]

    def wait(self) -> int:
        """Wait for its end; return the exit code, or minus the number of the signal that ended it."""
        return self.process.wait()


@contextlib.contextmanager
def started(request: Request) -> Iterator[Running]:
    """Run the script, its standard streams being ours; until the end of the block Ctrl-C ends it, not us."""
    with tempfile.TemporaryDirectory(prefix="onedelay-") as name:
        command = [sys.executable, "-P", "-m", "grader.tracing.child", name, request.clock]
        sys.stdout.flush()
        # Inherited: Python has nothing to say of a Ctrl-C while it starts.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            process = subprocess.Popen([*command, request.script, *request.arguments])
        finally:
            signal.signal(signal.SIGINT, before)
        with _in_charge(process, Path(name), request.limit):
            yield Running(request, Path(name), process)


@contextlib.contextmanager
def _in_charge(process: subprocess.Popen[bytes], folder: Path, limit: float | None) -> Iterator[None]:
    """Pass on what ends a program: the limit, a second Ctrl-C, a request to end us."""
    timers: list[threading.Timer] = []

    def later(seconds: float, *action: Any) -> None:
        timers.append(threading.Timer(seconds, action[0], action[1:]))
        timers[-1].daemon = True
        timers[-1].start()

    def kill() -> None:
        # The traced process writes down where it is, even within a call into C that no thread interrupts.
        if hasattr(signal, "SIGXCPU"):
            process.send_signal(signal.SIGXCPU)
            later(_MOMENT, process.kill)
        else:
            process.kill()

    def stop(why: str) -> None:
        (folder / "stop.new").write_text(why, "utf-8")
        (folder / "stop.new").rename(folder / STOP)  # never seen half written
        later(_GRACE, kill)

    interrupts = 0

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        # The program has got the same signal, and ends by itself if it is like most.
        nonlocal interrupts
        interrupts += 1
        if interrupts == 1:
            later(_GRACE, sys.stderr.write, "onedelay: the program goes on; Ctrl-C once more stops it\n")
        elif interrupts == 2:
            stop("interrupted")
        else:
            kill()

    def ended(_number: int, _frame: FrameType | None) -> None:
        process.terminate()

    before = signal.signal(signal.SIGINT, interrupted), signal.signal(signal.SIGTERM, ended)
    if limit is not None:
        later(limit, stop, f"limit {limit:g} s")
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])
