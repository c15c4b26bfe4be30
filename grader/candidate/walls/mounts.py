"""What a candidate sees of the file system and the network, in namespaces of its own: made before it, gone with it.

The sandbox around it is read-only and shows the system, the grader's package, and below ``/spool`` and ``/shared`` one
folder for each submission. Of these the candidate keeps its own, and gets a small memory of its own to write to.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
from typing import Any, Final

from grader.candidate.walls import kernel

SPOOL: Final = "/spool"
SHARED: Final = "/shared"
SUBMISSION: Final = "/submission"
EXERCISE: Final = "/exercise"
_PRIVATE: Final = kernel.NEW_MOUNTS | kernel.NEW_IPC | kernel.NEW_NETWORK
_SAFE: Final = kernel.NO_SUID | kernel.NO_DEVICES
_SET_FLAGS, _UP = 0x8914, 1


def make_private(order: dict[str, Any]) -> None:
    """Leave the mounts, the network and the shared memory of the others for new ones.

    slot: the name of the submission's folders. shared: what the judge calls the one that both may write to, which has
    the same name here; disks: the folder of this machine that it lies in. kept: what must stay visible below the places
    that are covered. disk, inodes: how much may be written to ``/tmp``, and as much to ``/dev/shm``. folder: where it
    will work, made for the user number *user*, or for whoever we are.
    """
    kernel.unshare(_PRIVATE)
    _raise_loopback()
    memory = f"size={order['disk']},nr_inodes={order['inodes']},mode=1777"
    kept = [(path, kernel.open_tree(path)) for path in order["kept"]]
    kernel.mount("tmpfs", "/tmp", "tmpfs", _SAFE, memory)  # noqa: S108 - a new one
    kernel.mount("tmpfs", "/dev/shm", "tmpfs", _SAFE | kernel.NO_EXECUTION, memory)  # noqa: S108 - a new one
    # Outside of /tmp, so that what may be made there need not be allowed here.
    kernel.mount("tmpfs", order["disks"], "tmpfs", _SAFE, "size=64k,mode=755")
    for path, tree in kept:
        os.makedirs(path, exist_ok=True)
        kernel.move_mount(tree, path)
        os.close(tree)
    kernel.mount(f"{SPOOL}/{order['slot']}/submission", SUBMISSION, None, kernel.BIND)
    kernel.mount(f"{SPOOL}/{order['slot']}/exercise", EXERCISE, None, kernel.BIND)
    os.makedirs(order["shared"])
    kernel.mount(f"{SHARED}/{order['slot']}", order["shared"], None, kernel.BIND)
    kernel.unmount(SPOOL)
    kernel.unmount(SHARED)
    _show_processes()
    os.mkdir(order["folder"], 0o700)
    if order["user"] is not None:
        os.chown(order["folder"], order["user"], order["user"])


def _show_processes() -> None:
    # Only those of its own namespace, and of these only what it may look into.
    safe = _SAFE | kernel.NO_EXECUTION
    try:
        kernel.mount("proc", "/proc", "proc", safe, "subset=pid,hidepid=invisible")
    except OSError:
        # A system that hides parts of /proc from us lets us mount none; then there is none.
        kernel.mount("tmpfs", "/proc", "tmpfs", safe | kernel.READ_ONLY, "size=4k,mode=555")


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("=16sh14x", b"lo", _UP))
