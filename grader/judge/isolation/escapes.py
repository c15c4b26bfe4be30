"""Runs as a submission would, and attempts what none may: for `probe`, which decides what came of it.

Every function tries, leaves no harm behind where it succeeds, ends by itself, and returns plain data: what it got.
"""

# It hands plain strings to and fro, as a submission would.
# ruff: noqa: PTH107, PTH118, PTH123, PTH208

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import socket
from collections.abc import Callable
from typing import Any

_SECONDS = 1  # how long what it leaves behind lives
_DAEMON_LIVES = 5  # seconds: longer than the judge needs to see it, on the busiest machine
_MEGABYTE = 1 << 20
_libc = ctypes.CDLL(None, use_errno=True)


def _got(attempt: Callable[..., Any], *args: Any) -> str:
    try:
        return str(attempt(*args))[:4000]
    except Exception:  # noqa: BLE001 - whatever stops it
        return ""


def _read(path: str) -> str:
    with open(path, "rb") as file:
        return file.read(4000).decode("utf-8", "replace")


def _opened(path: str, how: int = os.O_RDONLY) -> bool:
    try:
        os.close(os.open(path, how))
    except OSError:
        return False
    return True


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def read_files(paths: list[str]) -> dict[str, str]:
    """Return what can be read: path -> the beginning of the file, or the names in the folder."""
    return {path: _got(_read, path) or _got(os.listdir, path) for path in paths}


def write_files(folders: list[str], name: str) -> list[str]:
    """Make a file in each of the *folders*, and return those where it was possible; it stays in the last one only."""
    made = [folder for folder in folders if _opened(os.path.join(folder, name), os.O_CREAT | os.O_EXCL | os.O_WRONLY)]
    for folder in made:
        if folder != folders[-1]:
            os.remove(os.path.join(folder, name))
    return made


def change_files(paths: list[str]) -> list[str]:
    """Open each of the files for writing, and return those where it was possible."""
    return [path for path in paths if _opened(path, os.O_WRONLY)]


def about_itself() -> dict[str, Any]:
    """Return the environment, what the open descriptors lead to, and the user."""
    place = "/proc/self/fd"
    descriptors = [_got(os.readlink, f"{place}/{number}") for number in _names(place)]
    return {"environment": dict(os.environ), "descriptors": descriptors, "user": os.getuid()}


def look_at_processes(judge: int, victim: int) -> dict[str, str]:
    """Return what can be seen of other processes."""
    seen = {name for name in _names("/proc") if name.isdecimal()}
    parts = ("environ", "maps", "mem", "fd", "root", "cwd")
    return {
        "others": " ".join(sorted(seen - {str(os.getpid())})[:5]),
        "judge": " ".join(part for part in parts if _opened(f"/proc/{judge}/{part}")),
        "victim": " ".join(part for part in parts if _opened(f"/proc/{victim}/{part}")),
        "parent": " ".join(part for part in parts if _opened(f"/proc/{os.getppid()}/{part}")),
    }


def send_signals(processes: list[int]) -> None:
    """Send each of the processes a signal that ends it."""
    for number in processes:
        with contextlib.suppress(OSError):
            os.kill(number, signal.SIGTERM)


def connect(addresses: list[Any]) -> list[str]:
    """Connect to each address, a path or a host and a port; return those where it was possible."""
    reached = []
    for address in addresses:
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        where = address if isinstance(address, str) else tuple(address)
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_STREAM) as door:
            door.settimeout(0.2)
            door.connect(where)
            reached.append(str(address))
    return reached


def loopback() -> bool:
    """Return whether a server of its own can be reached."""
    with socket.create_server(("127.0.0.1", 0)) as door, socket.create_connection(door.getsockname(), 1):
        return True


def gain(victim: int, folder: str) -> list[str]:
    """Return which of the calls that give rights, or reach into other processes, were possible.

    victim: a process that may be traced. folder: where something may be mounted, for a moment.
    """
    x86 = os.uname().machine == "x86_64"
    buffer = ctypes.create_string_buffer(120)
    calls: dict[str, Callable[[], int]] = {
        "be root": lambda: -os.geteuid(),
        "become root": lambda: _libc.setuid(0),
        "have new users": lambda: _forked(_libc.unshare, 0x10000000),
        "have new mounts": lambda: _forked(_libc.unshare, 0x20000),
        "have a new network": lambda: _forked(_libc.unshare, 0x40000000),
        "mount": lambda: _mounted(folder),
        "change the root": lambda: _forked(_libc.chroot, b"/"),
        "trace another": lambda: _forked(_libc.ptrace, 0x4206, victim, 0, 0),
        "read another's memory": lambda: _libc.process_vm_readv(victim, buffer, 0, buffer, 0, 0),
        "use keys": lambda: _libc.syscall(250 if x86 else 219, 0, -3, 0),
        "use bpf": lambda: _libc.syscall(321 if x86 else 280, 0, buffer, 8),
        "use io_uring": lambda: _libc.syscall(425, 1, buffer),
        "send raw packets": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).detach(),
        "use uncounted memory": lambda: _libc.memfd_create(b"x", 0),
        "read all memory": lambda: os.open("/dev/mem", os.O_RDONLY),
    }
    return [name for name, call in calls.items() if int(_got(call) or -1) >= 0]


def _mounted(folder: str) -> int:
    result: int = _libc.mount(b"none", os.fsencode(folder), b"tmpfs", 0, b"size=4k")
    if result == 0:
        _libc.umount2(os.fsencode(folder), 2)
    return result


def _forked(call: Callable[..., int], *args: Any) -> int:
    """Make *call* in a process that ends at once; return 0 if it was possible, -1 if not."""
    child = os.fork()
    if child == 0:
        os._exit(0 if call(*args) >= 0 else 1)
    return 0 if os.waitpid(child, 0)[1] == 0 else -1


# -- limits --------------------------------------------------------------------------------------------------


def take_memory(megabytes: int) -> bool:
    """Take so many megabytes in this process, and return whether it was possible."""
    return bool(_got(lambda: len(bytearray(megabytes * _MEGABYTE))))


def share_memory(megabytes: int, processes: int) -> bool:
    """Take so many megabytes in each of some processes, for a moment; returns only if nobody minds."""
    children = []
    for _ in range(processes):
        child = os.fork()
        if child == 0:
            signal.alarm(_SECONDS)
            block = bytearray(megabytes * _MEGABYTE)
            block[:: resource.getpagesize()] = b"x" * len(block[:: resource.getpagesize()])
            signal.sigtimedwait([], 0.3)
            os._exit(0)
        children.append(child)
    return all(os.waitpid(child, 0)[1] == 0 for child in children)


def start_processes(number: int) -> int:
    """Start so many processes, each of which ends by itself; return how many there were."""
    children = []
    with contextlib.suppress(OSError):
        for _ in range(number):
            child = os.fork()
            if child == 0:
                signal.alarm(_SECONDS)
                signal.pause()
            children.append(child)
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return len(children)


def open_files(number: int) -> int:
    """Open so many files at once, and return how many there were."""
    opened: list[int] = []
    with contextlib.suppress(OSError):
        opened.extend(os.open(os.devnull, os.O_RDONLY) for _ in range(number))
    found = len(opened)
    for descriptor in opened:
        os.close(descriptor)
    return found


def fill_disk(folders: list[str], megabytes: int) -> int:
    """Write files of one megabyte each, up to so many in each folder; return how many megabytes there were at most."""
    block, most = bytes(_MEGABYTE), 0
    for folder in folders:
        paths = [os.path.join(folder, f"fill-{number}") for number in range(megabytes)]
        written = 0
        with contextlib.suppress(OSError):
            for path in paths:
                with open(path, "wb") as file:
                    file.write(block)
                written += 1
        for path in paths:
            with contextlib.suppress(OSError):
                os.remove(path)
        most = max(most, written)
    return most


def write_one_file(folder: str, megabytes: int) -> bool:
    """Write one file of so many megabytes, and return whether it was possible."""
    path = os.path.join(folder, "large")
    try:
        with open(path, "wb") as file:
            file.truncate(megabytes * _MEGABYTE)
    except OSError:
        return False
    finally:
        with contextlib.suppress(OSError):
            os.remove(path)
    return True


def leave_a_daemon() -> bool:
    """Leave a process behind, in a session of its own, that lives for seconds and holds a stream of the judge's."""
    ready, done = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        signal.alarm(_DAEMON_LIVES)
        os.write(done, b"-")
        signal.pause()
    os.close(done)
    os.read(ready, 1)  # until it is on its own, or gone: before that, whoever ends this process ends it too
    os.close(ready)
    return True
