"""Which files a process may use from now on, with Landlock: no other right helps it. It knows no candidate."""

from __future__ import annotations

import contextlib
import os
import stat
import struct
from collections.abc import Sequence
from typing import Final

from grader.candidate.walls import kernel

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION: Final = 1
_BENEATH: Final = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE, _DEVICE_CONTROL = 1, 2, 4, 8, 1 << 14, 1 << 15
_READ: Final = _EXECUTE | _READ_FILE | _READ_DIR
_MAKE_SPECIAL: Final = 1 << 6 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12  # devices, sockets, pipes, links
_OF_A_FILE: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _DEVICE_CONTROL
# How many rights to files each version of it knows.
_KNOWN_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
_CONNECT_AND_BIND: Final = 3
_ABSTRACT_SOCKETS_AND_SIGNALS: Final = 3
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6


def version() -> int:
    """Return the version of Landlock in this kernel, 0 for none."""
    try:
        return kernel.call(_CREATE, 0, 0, _VERSION)
    except OSError:
        return 0


def restrict(
    readable: Sequence[str], listed: Sequence[str], writable: Sequence[str], shared: Sequence[str], *, tcp: bool
) -> None:
    """Allow reading below *readable*, everything below *writable*, and nothing else; what is absent is left out.

    listed: where the names of files and folders may be seen. shared: where only ordinary files and folders may be
    made, since the judge follows what it finds there. tcp: whether connections may be made. Signals and abstract
    sockets reach no further than this process and those that it starts, where the kernel can see to it. No new
    privileges must be set. `OSError` without Landlock.
    """
    known = version()
    if not known:
        raise OSError("this kernel has no Landlock: it takes Linux 5.13 or newer, with Landlock switched on")
    every = (1 << _KNOWN_RIGHTS.get(known, 16)) - 1
    # The kernel takes as much of the structure as its version knows.
    fields = [every, 0 if tcp else _CONNECT_AND_BIND, _ABSTRACT_SOCKETS_AND_SIGNALS]
    count = 3 if known >= _SCOPES_SINCE else 2 if known >= _NETWORK_SINCE else 1
    attributes = struct.pack(f"={count}Q", *fields[:count])
    ruleset = kernel.call(_CREATE, attributes, len(attributes), 0)
    try:
        for path in readable:
            _allow(ruleset, path, _READ & every)
        for path in listed:
            _allow(ruleset, path, _READ_DIR)
        for path in writable:
            _allow(ruleset, path, every)
        for path in shared:
            _allow(ruleset, path, every & ~_MAKE_SPECIAL)
        kernel.call(_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(place).st_mode):
                rights &= _OF_A_FILE
            kernel.call(_ADD, ruleset, _BENEATH, struct.pack("=Qi", rights, place), 0)
        finally:
            os.close(place)
