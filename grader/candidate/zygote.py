"""A warm process that forks a candidate at each request of the judge's; it runs nothing of a learner's itself.

A request comes over a socket that keeps messages apart: the folders as JSON, with the standard streams of the new
process and a descriptor for its exit code. The answer is its process id.
"""

from __future__ import annotations

import json
import os
import select
import socket
import struct
from typing import Any, Final

STATUS: Final = struct.Struct("=i")  # an exit code as subprocess has it: negative for a signal
_STREAMS: Final = 3


def await_order(control: socket.socket) -> dict[str, Any] | None:
    """Fork at each request; return the request in the new process, on its own streams. None when the judge is gone."""
    children: dict[int, tuple[int, int]] = {}  # pidfd -> process id, where its exit code goes
    while True:
        ready, _, _ = select.select([control.fileno(), *children], [], [])
        for ended in children.keys() & set(ready):
            _bury(ended, *children.pop(ended))
        if control.fileno() not in ready:
            continue
        data, descriptors, _, _ = socket.recv_fds(control, 1 << 16, _STREAMS + 1)
        if not data:
            return None
        child = os.fork()
        if child == 0:
            _become_candidate(control, descriptors, children)
            order: dict[str, Any] = json.loads(data)
            return order
        for descriptor in descriptors[:_STREAMS]:
            os.close(descriptor)
        children[os.pidfd_open(child)] = child, descriptors[_STREAMS]
        control.send(STATUS.pack(child))


def _become_candidate(control: socket.socket, descriptors: list[int], children: dict[int, tuple[int, int]]) -> None:
    # Nothing that leads to the judge's other conversations may stay open here.
    control.close()
    os.close(descriptors[_STREAMS])
    for pidfd, (_, status) in children.items():
        os.close(pidfd)
        os.close(status)
    os.setsid()
    for stream, descriptor in enumerate(descriptors[:_STREAMS]):
        os.dup2(descriptor, stream)
        os.close(descriptor)


def _bury(pidfd: int, child: int, status: int) -> None:
    _, wait_status = os.waitpid(child, 0)
    os.close(pidfd)
    os.write(status, STATUS.pack(os.waitstatus_to_exitcode(wait_status)))
    os.close(status)
