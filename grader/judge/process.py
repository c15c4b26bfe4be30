"""A candidate as a child process: start it, talk to it, end it. It knows frames, not what they say."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Final, Protocol

from grader import wire
from grader.evidence import Died
from grader.judge.zygote import Forked, Zygote
from grader.timeline import Line

MAX_STDERR: Final = 200_000
_STACK_LINE: Final = re.compile(r'^  File "(?P<file>.+)", line (?P<number>\d+) in ')
_GRACE: Final = 2.0
# What a child needs from the environment: the system's own variables, and coverage's when we are measured.
_KEPT: Final = ("SYSTEMROOT", "TEMP", "TMP", "TMPDIR")


class Child(Protocol):
    """A candidate, wherever it runs."""

    folder: Path
    virtual: bool
    parked: bool
    frames: queue.SimpleQueue[wire.Message | None]
    on_frame: Callable[[], None]

    def send(self, message: wire.Message) -> None:
        """Send one message."""

    def kill(self, after: float | None = None) -> None:
        """End the candidate at once."""

    def hang_up(self) -> None:
        """Close the wire."""

    def close(self) -> None:
        """Let the candidate end, or end it; then clean up."""

    def how_it_died(self, limit: float) -> Died:
        """Return how the candidate ended."""

    def printed(self) -> str:
        """Return what was written past Python's own streams."""


class ChildProcess:
    """One candidate process and the threads that read from it.

    frames: what it sent, then None when it has ended. `on_frame` is called, from the reading thread, after each.
    """

    def __init__(
        self, folder: Path, *, virtual: bool, preload: Sequence[str] = (), zygote: Zygote | None = None
    ) -> None:
        """Start it for submissions in *folder*, forked by *zygote* or by itself; *preload* is imported at once."""
        self.folder = folder
        self.virtual = virtual
        self.parked = False  # virtual clock: it waits for its next turn
        self.frames: queue.SimpleQueue[wire.Message | None] = queue.SimpleQueue()
        self.on_frame: Callable[[], None] = lambda: None
        self._stderr = b""
        self._fault: str | None = None
        self._stopped_after: float | None = None
        self._workdir = tempfile.TemporaryDirectory(prefix="onedelay-", ignore_cleanup_errors=True)
        self._process: subprocess.Popen[bytes] | Forked
        if zygote is not None:
            order = {"folder": str(folder), "cwd": self._workdir.name, "preload": list(preload)}
            self._process = zygote.fork(order)
        else:
            self._process = subprocess.Popen(
                [*_command(virtual=virtual), str(folder), *preload],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self._workdir.name,
                env=_environment(os.environ),
                bufsize=0,
                # Its own group: Ctrl-C reaches the judge only, and the judge can end its children's children too.
                start_new_session=os.name == "posix",
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        self._readers = [
            threading.Thread(target=self._read_frames, args=[self._process.stdout], daemon=True),
            threading.Thread(target=self._read_stderr, args=[self._process.stderr], daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def send(self, message: wire.Message) -> None:
        """Send one message; a candidate that is gone takes none, and its end is in `frames`."""
        frame = memoryview(wire.pack(message))
        stdin = self._process.stdin
        assert stdin is not None
        with contextlib.suppress(OSError, ValueError):
            while frame:
                frame = frame[stdin.write(frame) :]

    def kill(self, after: float | None = None) -> None:
        """End the process and its group at once; *after*: the limit (seconds) it had exceeded, if any."""
        if self._stopped_after is None and self._process.poll() is None:
            self._stopped_after = after
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def hang_up(self) -> None:
        """Close the wire; a candidate that behaves ends by itself."""
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()

    def close(self) -> None:
        """Let the process end by itself, or end it; then clean up."""
        self.hang_up()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE)
        self.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join(_GRACE)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()
        self._workdir.cleanup()

    def how_it_died(self, limit: float) -> Died:
        """Return how the process ended; call it after the end was read from `frames`."""
        code = self._process.wait()
        self._readers[1].join(_GRACE)
        dump = self._stderr.decode("utf-8", "replace")
        stack = self._stack(dump)
        if self._fault is not None:
            return Died("wire", self._fault, stack)
        if self._stopped_after is not None or "Timeout (" in dump:
            return Died("limit", f"{limit:g}", stack)
        if code < 0:
            return Died("signal", signal.Signals(-code).name, stack)
        return Died("exit", str(code), stack)

    def printed(self) -> str:
        """Return what was written past Python's own streams since the last call, without our stack dumps."""
        text, self._stderr = self._stderr.decode("utf-8", "replace"), b""
        return "" if "(most recent call first)" in text else text

    def _stack(self, dump: str) -> tuple[Line, ...]:
        root = f"{os.path.realpath(self.folder)}{os.sep}"
        lines = []
        for row in dump.splitlines():
            match = _STACK_LINE.match(row)
            if match and os.path.realpath(match["file"]).startswith(root) and "site-packages" not in match["file"]:
                lines.append(Line(os.path.realpath(match["file"])[len(root) :], int(match["number"])))
        return tuple(lines)

    def _read_frames(self, stream: IO[bytes]) -> None:
        try:
            while (body := wire.read_frame(stream.read)) is not None:
                self.frames.put(wire.check_message(wire.unpack(body)))
                self.on_frame()
        except (wire.WireError, OSError, ValueError) as error:
            self._fault = str(error)
            self.kill()
        self.frames.put(None)
        self.on_frame()

    def _read_stderr(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while data := stream.read(65536):
                # The end is what matters: a stack is written last.
                self._stderr = (self._stderr + data)[-MAX_STDERR:]


def start_zygote(modules: Sequence[str], *, virtual: bool) -> Zygote:
    """Return a process that forks candidates which have imported *modules* already."""
    return Zygote([*_command(virtual=virtual), "", *modules], _environment(os.environ), Path(tempfile.gettempdir()))


def _command(*, virtual: bool) -> list[str]:
    clock = "virtual" if virtual else "real"
    return [sys.executable, "-I", "-B", "-X", "utf8", "-m", "grader.candidate", clock]


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name in _KEPT or name.startswith("COVERAGE_")}
