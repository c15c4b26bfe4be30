"""System calls that Python has no function for, made with ctypes. It knows no candidate and no sandbox.

Imported only where a candidate is confined: on Linux, in a zygote. Every function raises `OSError` when the kernel says
no.
"""

from __future__ import annotations

import ctypes
import os
import struct
from typing import Final

NEW_MOUNTS: Final = 0x00020000  # the flags of unshare(2), setns(2) and clone(2)
NEW_CGROUP: Final = 0x02000000
NEW_UTS: Final = 0x04000000
NEW_IPC: Final = 0x08000000
NEW_USERS: Final = 0x10000000
NEW_PIDS: Final = 0x20000000
NEW_NETWORK: Final = 0x40000000
NEW_TIME: Final = 0x00000080

READ_ONLY: Final = 1  # the flags of mount(2)
NO_SUID: Final = 2
NO_DEVICES: Final = 4
NO_EXECUTION: Final = 8
BIND: Final = 4096

_DETACH: Final = 2
_OPEN_TREE, _MOVE_MOUNT = 428, 429  # the same on every machine, as all newer calls
_TREE_FLAGS: Final = 1 | 0o2000000 | 0x8000  # a clone of the mount, closed on exec, with what is mounted in it
_FROM_DESCRIPTOR: Final = 4
_HERE: Final = -100
_SET_DUMPABLE, _SET_NO_NEW_PRIVS, _SET_SECCOMP, _BOUNDING_DROP, _AMBIENT = 4, 38, 22, 24, 47
_CLEAR_AMBIENT, _FILTER = 4, 2
_CAPABILITIES_V3: Final = 0x20080522

_libc: Final = ctypes.CDLL(None, use_errno=True)


def _done(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def call(number: int, *args: object) -> int:
    """Make the system call *number*; integers are passed as long, bytes and ctypes' values as they are."""
    passed = [ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args]
    return _done(_libc.syscall(ctypes.c_long(number), *passed), f"system call {number}")


def unshare(flags: int) -> None:
    """Leave the namespaces of *flags* for new ones."""
    _done(_libc.unshare(flags), f"unshare {flags:#x}")


def enter(descriptor: int, flags: int) -> None:
    """Join the namespaces *flags* of the process that *descriptor* stands for."""
    _done(_libc.setns(descriptor, flags), f"setns {flags:#x}")


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Mount *source* on *target*."""
    filesystem = None if kind is None else kind.encode()
    result = _libc.mount(
        os.fsencode(source), os.fsencode(target), filesystem, ctypes.c_ulong(flags), options.encode() or None
    )
    _done(result, f"mount {target}")


def unmount(target: str) -> None:
    """Take what is mounted on *target* out of sight."""
    _done(_libc.umount2(os.fsencode(target), _DETACH), f"unmount {target}")


def open_tree(path: str) -> int:
    """Return a descriptor of a copy of what is mounted at *path*."""
    return call(_OPEN_TREE, _HERE, os.fsencode(path), _TREE_FLAGS)


def move_mount(tree: int, path: str) -> None:
    """Mount at *path* what `open_tree` returned."""
    call(_MOVE_MOUNT, tree, b"", _HERE, os.fsencode(path), _FROM_DESCRIPTOR)


def no_new_privileges() -> None:
    """Let no program that is run from now on have more rights than this one."""
    _done(_libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")


def set_dumpable(*, dumpable: bool) -> None:
    """Say whether others of the same user may look into this process."""
    _done(_libc.prctl(_SET_DUMPABLE, int(dumpable), 0, 0, 0), "dumpable")


def bound_capabilities() -> None:
    """Let no program that is run from now on have a capability; it needs the one to do so, if there are any."""
    _libc.prctl(_AMBIENT, _CLEAR_AMBIENT, 0, 0, 0)
    number = 0
    while _libc.prctl(_BOUNDING_DROP, number, 0, 0, 0) == 0:  # until there is none of this number, or no right to
        number += 1


def drop_capabilities() -> None:
    """Give up every capability."""
    header = struct.pack("=Ii", _CAPABILITIES_V3, 0)
    _done(_libc.capset(header, bytes(24)), "drop capabilities")


def set_filter(instructions: bytes) -> None:
    """Let *instructions*, of 8 bytes each, decide about every system call from now on (seccomp)."""
    program = ctypes.create_string_buffer(instructions, len(instructions))
    # struct sock_fprog: a count, and where they are
    header = struct.pack("@HP", len(instructions) // 8, ctypes.addressof(program))
    _done(_libc.prctl(_SET_SECCOMP, _FILTER, header, 0, 0), "seccomp")
