"""Takes from a candidate's process what a learner's program does not need, just before it serves the judge.

It knows neither the judge nor what is run afterwards; the orders say which rights go, since the judge decides that.
"""

from __future__ import annotations

import contextlib
import os
import resource
from typing import Any, Final

from grader.candidate.walls import kernel, landlock, seccomp

# order -> the limit of the kernel's, and whether it is never raised again
_LIMITS: Final = {
    "cpu": resource.RLIMIT_CPU,
    "address_space": resource.RLIMIT_AS,
    "processes": resource.RLIMIT_NPROC,
    "files": resource.RLIMIT_NOFILE,
    "file_size": resource.RLIMIT_FSIZE,
}
_NONE_AT_ALL: Final = (resource.RLIMIT_CORE, getattr(resource, "RLIMIT_MSGQUEUE", 12), resource.RLIMIT_MEMLOCK)


def confine(order: dict[str, Any]) -> None:
    """Carry out *order* in this process, which cannot take it back.

    limits: name -> number, in seconds, bytes or pieces. user: the number of a user to become, or None. users: whether
    to count processes in a user namespace of its own. rights: whether to give up every capability and to filter system
    calls. inet: whether sockets of the internet's families may be made. readable, listed, writable, shared: paths.
    """
    if order["users"]:
        kernel.set_dumpable(dumpable=True)  # or its own /proc/self is closed to it
        _be_counted_apart()
    _limit(order["limits"])
    if not order["rights"]:
        return
    kernel.bound_capabilities()
    if order["user"] is not None:
        os.setgroups([])
        os.setresgid(order["user"], order["user"], order["user"])
        os.setresuid(order["user"], order["user"], order["user"])
    kernel.drop_capabilities()
    kernel.no_new_privileges()
    kernel.set_dumpable(dumpable=True)  # a change of user took it
    with contextlib.suppress(OSError):  # when memory runs out, it is the first to go
        _write("/proc/self/oom_score_adj", "1000")
    landlock.restrict(order["readable"], order["listed"], order["writable"], order["shared"], tcp=order["inet"])
    kernel.set_filter(seccomp.rules(inet=order["inet"]))


def _limit(limits: dict[str, int]) -> None:
    for name, which in _LIMITS.items():
        wanted = limits[name]
        _, most = resource.getrlimit(which)
        if most != resource.RLIM_INFINITY:
            wanted = min(wanted, most)
        resource.setrlimit(which, (wanted, wanted))
    for which in _NONE_AT_ALL:
        resource.setrlimit(which, (0, 0))


def _be_counted_apart() -> None:
    # The kernel counts the processes of a user, and without privileges all candidates are one user. In a user
    # namespace of its own only its own count.
    user, group = os.getuid(), os.getgid()
    kernel.unshare(kernel.NEW_USERS)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{user} {user} 1")
    _write("/proc/self/gid_map", f"{group} {group} 1")


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
