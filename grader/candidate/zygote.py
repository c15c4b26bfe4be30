"""A warm process that forks a candidate at each request of the judge's; it runs nothing of a learner's itself.

A request comes over a socket that keeps messages apart: the order as JSON, with the standard streams of the new
process and a descriptor for its exit code. The answer is its process id, and a descriptor of it. In a sandbox each
candidate is born into the namespaces of a guard of its own, and the descriptors are of the guard and of a door into its
network.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import struct
from dataclasses import dataclass
from typing import Any, Final

from grader.candidate.walls.guard import Guard, GuardFailed, Launcher
from grader.candidate.walls.kernel import NEW_PIDS, enter

STATUS: Final = struct.Struct("=i")  # an exit code as subprocess has it: negative for a signal; a guard's words follow
ANSWER: Final = struct.Struct("=i")  # a process id; after a negative number, why there is none
_STREAMS: Final = 3


@dataclass(frozen=True)
class _Child:
    """A forked process. status: where its exit code goes."""

    process: int
    status: int
    guard: Guard | None

    def bury(self) -> None:
        """Tell how it ended, once nothing of it is left."""
        _, wait_status = os.waitpid(self.process, 0)
        words = ""
        if self.guard is not None:
            words = self.guard.last_words()
            self.guard.end()
        with contextlib.suppress(BrokenPipeError):  # the judge has lost its interest
            os.write(self.status, STATUS.pack(os.waitstatus_to_exitcode(wait_status)) + words.encode())
        self.close()

    def close(self) -> None:
        """Close what leads to it."""
        os.close(self.status)
        if self.guard is not None:
            self.guard.close()


class Zygote:
    """The warm process. launcher: what starts guards, in a sandbox."""

    def __init__(self, control: socket.socket, launcher: Launcher | None) -> None:
        self._control = control
        self._launcher = launcher
        self._children: dict[int, _Child] = {}  # by a descriptor of the process
        self._home = os.pidfd_open(os.getpid())

    def await_order(self) -> dict[str, Any] | None:
        """Fork at each request; return the request in the new process, on its streams. None when the judge is gone."""
        while True:
            ready, _, _ = select.select([self._control.fileno(), *self._children], [], [])
            for ended in self._children.keys() & set(ready):
                self._children.pop(ended).bury()
                os.close(ended)
            if self._control.fileno() not in ready:
                continue
            data, descriptors, _, _ = socket.recv_fds(self._control, 1 << 16, _STREAMS + 1)
            if not data:
                return None
            order: dict[str, Any] = json.loads(data)
            if "confine" in order:
                _get_ready(order["confine"])
            if self._fork(order, descriptors):
                return order

    def _fork(self, order: dict[str, Any], descriptors: list[int]) -> bool:
        """Return True in a new process, False in this one."""
        try:
            guard = self._launcher.guard(order) if self._launcher is not None else None
            child = self._fork_into(guard)
        except (GuardFailed, OSError) as problem:
            self._control.send(ANSWER.pack(-1) + str(problem).encode())
            for descriptor in descriptors:
                os.close(descriptor)
            return False
        if child == 0:
            self._become_candidate(guard, descriptors)
            return True
        for descriptor in descriptors[:_STREAMS]:
            os.close(descriptor)
        itself = os.pidfd_open(child)
        self._children[itself] = _Child(child, descriptors[_STREAMS], guard)
        handed = [itself] if guard is None else [guard.process, guard.door]
        socket.send_fds(self._control, [ANSWER.pack(child)], handed)
        return False

    def _fork_into(self, guard: Guard | None) -> int:
        if guard is None:
            return os.fork()
        enter(guard.process, NEW_PIDS)  # for those to be born
        child = 1
        try:
            child = os.fork()
        except OSError:
            guard.end()
            guard.close()
            raise
        finally:
            if child != 0:
                enter(self._home, NEW_PIDS)
        return child

    def _become_candidate(self, guard: Guard | None, descriptors: list[int]) -> None:
        # Nothing that leads to the judge's other conversations may stay open here, nor to those who started it.
        if guard is not None:
            guard.enter()
            guard.close()
        if self._launcher is not None:
            self._launcher.close()
        self._control.close()
        os.close(self._home)
        os.close(descriptors[_STREAMS])
        for descriptor, child in self._children.items():
            os.close(descriptor)
            child.close()
        os.setsid()
        for stream, descriptor in enumerate(descriptors[:_STREAMS]):
            os.dup2(descriptor, stream)
            os.close(descriptor)


def start(control: int, *, guarded: bool) -> Zygote:
    """Make this process a zygote, before it gets large; *control* is the descriptor of its socket."""
    return Zygote(socket.socket(fileno=control), Launcher(control) if guarded else None)


def _get_ready(order: dict[str, Any]) -> None:
    # What every candidate would import and compute is done once, here.
    from grader.candidate.walls import confine, seccomp  # noqa: F401, PLC0415 - where candidates are kept apart

    if order["rights"]:
        seccomp.rules(inet=order["inet"])
