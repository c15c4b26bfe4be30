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
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

_STATUS: Final = struct.Struct("=i")
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
        with theirs:
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
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
        try:
            socket.send_fds(self._control, [json.dumps(order).encode()], handed)
            answer = self._control.recv(_STATUS.size)
        except OSError:
            answer = b""
        finally:
            for descriptor in handed:
                os.close(descriptor)
        if len(answer) != _STATUS.size:
            for descriptor in (stdin, stdout, stderr, status):
                os.close(descriptor)
            raise ZygoteDied
        return Forked(_STATUS.unpack(answer)[0], stdin, stdout, stderr, status)

    def close(self) -> None:
        """End it; its candidates end by themselves when their streams are closed."""
        self._control.close()
        self._process.kill()
        self._process.wait()


class ZygoteDied(Exception):  # noqa: N818 - what happened, and no fault to report
    """The zygote could not fork."""


class Forked:
    """A forked process, with as much of `subprocess.Popen` as a candidate needs."""

    def __init__(self, pid: int, stdin: int, stdout: int, stderr: int, status: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdin: IO[bytes] | None = open(stdin, "wb", buffering=0)  # noqa: SIM115 - a descriptor
        self.stdout: IO[bytes] | None = open(stdout, "rb", buffering=0)  # noqa: SIM115
        self.stderr: IO[bytes] | None = open(stderr, "rb", buffering=0)  # noqa: SIM115
        self._status = status

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
            data = os.read(self._status, _STATUS.size)
            os.close(self._status)
            # Without an answer the zygote is gone, and with it whoever could know.
            self.returncode = _STATUS.unpack(data)[0] if len(data) == _STATUS.size else -signal.SIGKILL
        return self.returncode

    def kill(self) -> None:
        """End it at once."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # it has ended this moment
                os.kill(self.pid, signal.SIGKILL)
