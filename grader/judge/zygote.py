"""Starts candidates by forking a warm process: for a run that needs many. It knows neither frames nor checks."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

_STATUS: Final = struct.Struct("=i")
_LONGEST_REASON: Final = 500
_GRACE: Final = 1.0
_PATIENCE: Final = 60.0  # seconds in which it has imported everything and forked


def can_fork() -> bool:
    """Return whether this system has what a zygote needs: passed descriptors, and descriptors of processes."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return hasattr(socket, "send_fds")


class Zygote:
    """A process that has imported what candidates need. `ZygoteDied` when it is no use; then start them without it."""

    def __init__(self, command: Sequence[str], env: dict[str, str], folder: Path) -> None:
        """Start *command*, to which the number of its control socket is appended, in *folder*."""
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with it
        with theirs:
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                env=env,
                cwd=folder,
                start_new_session=True,
            )
        self._control.settimeout(_PATIENCE)

    def fork(self, order: Mapping[str, object]) -> Forked:
        """Return a new candidate, to which *order* is given as JSON."""
        pipes = [os.pipe() for _ in range(4)]  # its standard streams, and its exit code
        (theirs_in, stdin), (stdout, theirs_out), (stderr, theirs_err), (status, theirs_status) = pipes
        handed = [theirs_in, theirs_out, theirs_err, theirs_status]
        answer, descriptors = b"", list[int]()
        try:
            socket.send_fds(self._control, [json.dumps(order).encode()], handed)
            answer, descriptors, _, _ = socket.recv_fds(self._control, _LONGEST_REASON, 2)
        except OSError:
            pass  # it has ended
        finally:
            for descriptor in handed:
                os.close(descriptor)
        number = _STATUS.unpack(answer[: _STATUS.size])[0] if len(answer) >= _STATUS.size else -1
        if number < 0:
            for descriptor in (stdin, stdout, stderr, status, *descriptors):
                os.close(descriptor)
            raise ZygoteDied(answer[_STATUS.size :].decode("utf-8", "replace") or self._last_complaint())
        return Forked(number, (stdin, stdout, stderr, status), *descriptors)

    def _last_complaint(self) -> str:
        self._process.kill()
        self._process.wait()
        self._complaints.seek(0)
        lines = self._complaints.read(1 << 16).decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:_LONGEST_REASON] if lines else "it ended without a word"

    def close(self) -> None:
        """End it; its candidates end with their sandbox, or by themselves when their streams are closed."""
        self._control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE)
        self._process.kill()
        self._process.wait()
        self._complaints.close()


class ZygoteDied(Exception):  # noqa: N818 - what happened, and no fault to report
    """The zygote could not fork; the message says why, as far as anybody knows."""


class Forked:
    """A forked process, with as much of `subprocess.Popen` as a candidate needs.

    why: after its end, which limit its guard saw exceeded, or nothing. is_lost: its zygote has ended too, and nobody
    knows how it ended. door: a socket that listens in its network, if it has one of its own.
    """

    def __init__(self, pid: int, descriptors: tuple[int, int, int, int], handle: int, door: int | None = None) -> None:
        """Take over the streams and the status pipe of a process; *handle*: of the process that it ends with."""
        self.pid = pid
        self.returncode: int | None = None
        self.why = ""
        self.is_lost = False
        stdin, stdout, stderr, self._status = descriptors
        self.stdin: IO[bytes] | None = os.fdopen(stdin, "wb", 0)
        self.stdout: IO[bytes] | None = os.fdopen(stdout, "rb", 0)
        self.stderr: IO[bytes] | None = os.fdopen(stderr, "rb", 0)
        self._handle = handle
        self.door = None if door is None else socket.socket(fileno=door)
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code, negative for a signal; `subprocess.TimeoutExpired`."""
        if self.returncode is None:
            if not select.select([self._status], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("candidate", timeout or 0)
            with self._lock:
                self._bury()
        assert self.returncode is not None
        return self.returncode

    def _bury(self) -> None:
        if self.returncode is not None:
            return  # another thread has been here
        data = os.read(self._status, _LONGEST_REASON)
        os.close(self._status)
        os.close(self._handle)
        if self.door is not None:
            self.door.close()
        # Without an answer the zygote is gone, and with it whoever could know.
        self.is_lost = not data
        self.returncode = _STATUS.unpack(data[: _STATUS.size])[0] if data else -signal.SIGKILL
        self.why = data[_STATUS.size :].decode("ascii", "replace")

    def kill(self) -> None:
        """End it and what it has started, at once."""
        with self._lock:
            if self.returncode is None:  # until then the handle is open
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            if self.door is None:  # in a sandbox its number would mean another process here
                # Its group may hold others when it has ended itself.
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.pid, signal.SIGKILL)
