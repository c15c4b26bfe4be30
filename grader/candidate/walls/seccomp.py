"""The filter of system calls for a candidate: what no program of a learner's needs fails. It knows no sandbox.

The kernel runs the filter at every call; it was written for its virtual machine (classic BPF) and needs no compiler.
Everything that is not named here is allowed: a library may use any ordinary call.
"""

from __future__ import annotations

import errno
import functools
import os
import socket
import struct
from typing import Final

# name -> its number on x86_64 and on aarch64
_FORBIDDEN: Final = {
    # namespaces and mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    # the kernel's own machinery, where its faults have been
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "fanotify_init": (300, 262),
    "personality": (135, 92),
    # the machine
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "acct": (163, 89),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "syslog": (103, 116),
    "vhangup": (153, 58),
    # memory that no limit of ours counts
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
}
_X86_ONLY: Final = {"iopl": 172, "ioperm": 173, "modify_ldt": 154, "uselib": 134, "_sysctl": 156, "create_module": 174}

_CLONE: Final = (56, 220)
_CLONE3: Final = 435
_SOCKET: Final = (41, 198)
# Any new namespace; as in kernel.py, and CLONE_NEWTIME is no flag of clone(2).
_NAMESPACES: Final = 0x7E020000
_MACHINES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in what the filter sees (little-endian)
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_FOREIGN_NUMBERS: Final = 0x40000000  # x86's calls of a third kind


@functools.cache
def rules(*, inet: bool) -> bytes:
    """Return the filter for this machine; *inet*: whether sockets of the internet's families may be made.

    `NotImplementedError` for a machine whose numbers we do not know.
    """
    machine = os.uname().machine
    if machine not in _MACHINES:
        raise NotImplementedError(f"no filter of system calls is known for {machine}")
    column, audit = _MACHINES[machine]
    families = [socket.AF_UNIX, *([socket.AF_INET, socket.AF_INET6] if inet else [])]
    denied = [numbers[column] for numbers in _FORBIDDEN.values()]
    if column == 0:
        denied += _X86_ONLY.values()
    program = [
        _step(_LOAD, _MACHINE),
        *_unless(_EQUAL, audit, errno.ENOSYS),
        _step(_LOAD, _NUMBER),
        *_if(_AT_LEAST, _FOREIGN_NUMBERS, errno.ENOSYS),
        # Its flags lie in memory, where a filter cannot look; libraries then use clone.
        *_if(_EQUAL, _CLONE3, errno.ENOSYS),
        _step(_EQUAL, _CLONE[column], 0, 4),
        _step(_LOAD, _FIRST_ARGUMENT),
        *_if(_ANY_BIT, _NAMESPACES, errno.EPERM),
        _step(_RETURN, _ALLOW),
        _step(_EQUAL, _SOCKET[column], 0, len(families) + 3),
        _step(_LOAD, _FIRST_ARGUMENT),
        *(_step(_EQUAL, family, len(families) - place, 0) for place, family in enumerate(families)),
        _step(_RETURN, _ERROR | errno.EAFNOSUPPORT),
        _step(_RETURN, _ALLOW),
    ]
    for number in denied:
        quiet = number in {_FORBIDDEN["memfd_create"][column], _FORBIDDEN["io_uring_setup"][column]}
        program += _if(_EQUAL, number, errno.ENOSYS if quiet else errno.EPERM)
    program.append(_step(_RETURN, _ALLOW))
    return b"".join(program)


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, value)


def _if(test: int, value: int, error: int) -> tuple[bytes, bytes]:
    return _step(test, value, 0, 1), _step(_RETURN, _ERROR | error)


def _unless(test: int, value: int, error: int) -> tuple[bytes, bytes]:
    return _step(test, value, 1, 0), _step(_RETURN, _ERROR | error)
