"""A candidate as a child process: start it, talk to it, end it. It knows frames, not what they say."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from grader import wire
from grader.evidence import Died
from grader.judge.child import Frames, Lodging
from grader.judge.frames import PipedFrames
from grader.judge.isolation.bubblewrap import HASH_SEED
from grader.judge.isolation.level import CannotIsolateError
from grader.judge.zygote import Forked, Zygote
from grader.timeline import Line

MAX_STDERR: Final = 200_000
_STACK_LINE: Final = re.compile(r'^  File "(?P<file>.+)", line (?P<number>\d+) in ')
_GRACE: Final = 2.0
# What a child needs from the environment: the system's own variables, coverage's when we are measured, and what makes
# the order of a set the same in every run of a batch.
_KEPT: Final = ("SYSTEMROOT", "TEMP", "TMP", "TMPDIR", HASH_SEED)


class ChildProcess:
    """One candidate process and the threads that read from it.

    frames: what it sent, then None when it has ended. On the real clock a thread reads them, and calls `on_frame`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        virtual: bool,
        preload: Sequence[str] = (),
        zygote: Zygote | None = None,
        cell: Lodging | None = None,
    ) -> None:
        """Start it for submissions in *folder*, forked by *zygote* or by itself; *preload* is imported at once.

        cell: where it lives when it is kept apart.
        """
        self.folder = folder
        self._cell = cell
        self._root = os.path.realpath(folder) if cell is None else cell.submission
        self.virtual = virtual
        self.parked = False  # virtual clock: it waits for its next turn
        self.allowance = wire.Allowance()
        self.patience: float | None = None
        self.frames: Frames
        self.on_frame: Callable[[], None] = lambda: None
        self._stderr = b""
        self._fault: str | None = None
        self._flood = ""
        self._stopped_after: float | None = None
        self._serves = False  # it has said its first word, so that what it does now is the submission's doing
        self._workdir = contextlib.ExitStack()
        self._process = self._started(preload, zygote)
        if os.name == "posix" and self._process.stdin is not None:
            os.set_blocking(self._process.stdin.fileno(), False)
        self._errors = threading.Thread(target=self._read_stderr, args=[self._process.stderr], daemon=True)
        self._readers = [self._errors, *self._listen(self._process.stdout)]
        for reader in self._readers:
            reader.start()

    def _started(self, preload: Sequence[str], zygote: Zygote | None) -> subprocess.Popen[bytes] | Forked:
        if zygote is not None and self._cell is not None:
            return zygote.fork({**self._cell.order, "preload": list(preload)})
        if zygote is not None:
            return zygote.fork({"folder": str(self.folder), "cwd": self._own_folder(), "preload": list(preload)})
        return subprocess.Popen(
            [*_command(virtual=self.virtual), str(self.folder), *preload],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self._own_folder(),
            env=_environment(os.environ),
            bufsize=0,
            # Its own group: Ctrl-C reaches the judge only, and the judge can end its children's children too.
            start_new_session=os.name == "posix",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )

    def _listen(self, stdout: IO[bytes] | None) -> list[threading.Thread]:
        """Make `frames`; return the thread that fills it, where there is one."""
        if self.virtual and os.name == "posix" and stdout is not None:
            self.frames = PipedFrames(stdout, self._accept, self.refuse)
            return []
        received: queue.SimpleQueue[wire.Message | None] = queue.SimpleQueue()
        self.frames = received
        return [threading.Thread(target=self._read_frames, args=[stdout, received], daemon=True)]

    def has_ended_entirely(self, timeout: float) -> bool:
        """Return whether, within *timeout* seconds, nobody holds its streams any more: nothing of it is left."""
        self._errors.join(timeout)
        return not self._errors.is_alive()

    def _own_folder(self) -> str:
        folder = tempfile.TemporaryDirectory(prefix="onedelay-", ignore_cleanup_errors=True)
        return self._workdir.enter_context(folder)

    def path_inside(self, path: Path) -> str:
        """Return what the candidate calls *path*, a file of the submission's or of the exercise's."""
        return str(path) if self._cell is None else self._cell.inside(path)

    def door(self) -> socket.socket:
        """Return a new descriptor of a socket that listens on 127.0.0.1 where the candidate is."""
        own = getattr(self._process, "door", None)
        return socket.create_server(("127.0.0.1", 0)) if own is None else own.dup()

    def send(self, message: wire.Message) -> None:
        """Send one message; a candidate that is gone takes none, and its end is in `frames`."""
        frame = memoryview(wire.pack(message))
        stdin = self._process.stdin
        assert stdin is not None
        with contextlib.suppress(OSError, ValueError):
            while frame:
                # One that does not read would stop the judge for ever, once the pipe is full.
                if os.name == "posix" and not select.select([], [stdin], [], self.patience)[1]:
                    self.kill(after=self.patience)
                    return
                frame = frame[stdin.write(frame) or 0 :]

    def kill(self, after: float | None = None) -> None:
        """End the process and its group at once; *after*: the limit (seconds) it had exceeded, if any."""
        if self._stopped_after is None and self._process.poll() is None:
            self._stopped_after = after
        if isinstance(self._process, subprocess.Popen) and hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def refuse(self, why: str) -> None:
        """End a candidate that broke the rules of the wire."""
        self._fault = self._fault or why
        self.kill()

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
        self._workdir.close()

    def how_it_died(self, limit: float) -> Died:
        """Return how the process ended; call it after the end was read from `frames`."""
        try:
            code = self._process.wait(min(_GRACE, limit or _GRACE))
        except subprocess.TimeoutExpired:  # it has closed the wire, and lives on
            self.kill(after=limit)
            code = self._process.wait()
        self._errors.join(_GRACE)
        dump = self._stderr.decode("utf-8", "replace")
        stack = self._stack(dump)
        if self._cell is not None and not self._serves and self._stopped_after is None:
            raise CannotIsolateError(f"a candidate could not be confined: {_last_line(dump)}")
        if self._cell is not None and getattr(self._process, "is_lost", False):
            raise CannotIsolateError("the sandbox ended while a candidate was in it")
        if self._fault is not None:
            return Died("wire", self._fault, stack)
        bound = self._exceeded(code)
        if bound:
            return Died("bound", bound, stack)
        if self._stopped_after is not None or "Timeout (" in dump:
            return Died("limit", f"{limit:g}", stack)
        if code < 0:
            return Died("signal", signal.Signals(-code).name, stack)
        return Died("exit", str(code), stack)

    def _exceeded(self, code: int) -> str:
        """Return in words which bound it has exceeded, or nothing."""
        if self._cell is None:
            return ""
        name = self._flood or getattr(self._process, "why", "") or ("cpu" if code == -signal.SIGXCPU else "")
        return self._cell.bound(name) if name else ""

    def printed(self) -> str:
        """Return what was written past Python's own streams since the last call, without our stack dumps."""
        text, self._stderr = self._stderr.decode("utf-8", "replace"), b""
        return "" if "(most recent call first)" in text else text

    def _stack(self, dump: str) -> tuple[Line, ...]:
        root = f"{self._root}{os.sep}"
        real = os.path.realpath if self._cell is None else os.path.normpath  # the candidate's paths are not ours
        lines = []
        for row in dump.splitlines():
            match = _STACK_LINE.match(row)
            if match and real(match["file"]).startswith(root) and "site-packages" not in match["file"]:
                lines.append(Line(real(match["file"])[len(root) :], int(match["number"])))
        return tuple(lines)

    def _read_frames(self, stream: IO[bytes], received: queue.SimpleQueue[wire.Message | None]) -> None:
        try:
            for bodies in wire.batches(stream.read):
                for message in [self._accept(body) for body in bodies]:
                    received.put(message)
                self.on_frame()
        except (wire.WireError, OSError, ValueError) as error:
            self.refuse(str(error))
        received.put(None)
        self.on_frame()

    def _accept(self, body: bytes) -> wire.Message:
        message = self.allowance.accept(body)
        self._serves = True
        return message

    def _read_stderr(self, stream: IO[bytes]) -> None:
        written = 0
        with contextlib.suppress(OSError, ValueError):
            while data := stream.read(65536):
                # The end is what matters: a stack is written last.
                self._stderr = (self._stderr + data)[-MAX_STDERR:]
                written += len(data)
                if self._cell is not None and written > self._cell.most_output and not self._flood:
                    self._flood = "output"
                    self.kill()


def start_zygote(modules: Sequence[str], *, virtual: bool, before: Sequence[str] = ()) -> Zygote:
    """Return a process that forks candidates which have imported *modules* already.

    before: what to put before its command, when it runs in a sandbox; then it gets no environment.
    """
    command = [*before, *_command(virtual=virtual), "guarded" if before else "", *modules]
    return Zygote(command, {} if before else _environment(os.environ), Path(tempfile.gettempdir()))


def _last_line(text: str) -> str:
    return next(reversed(text.strip().splitlines()), "it said nothing")[:300]


def _command(*, virtual: bool) -> list[str]:
    clock = "virtual" if virtual else "real"
    # Isolated, but for the variables that we hand over.
    return [sys.executable, "-s", "-P", "-B", "-X", "utf8", "-m", "grader.candidate", clock]


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name in _KEPT or name.startswith("COVERAGE_")}
