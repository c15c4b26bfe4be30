"""The first process of a candidate's own namespaces: makes them, watches what is used in them, and ends with them.

When it ends, the kernel ends whatever is left in its namespace. It runs nothing of a learner's. A small process that
the warm one starts before it gets large, the launcher, forks one guard for each candidate.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import struct
import time
from dataclasses import dataclass
from typing import Any, Final

from grader.candidate.walls import kernel, mounts

ANSWER: Final = struct.Struct("=i")  # 0, or -1 and why not
_LONGEST: Final = 1 << 16
_PAUSE: Final = 0.02  # seconds between two looks
_KILO: Final = 1024


class GuardFailed(Exception):  # noqa: N818 - what happened
    """There is no guard; the message says why."""


@dataclass(frozen=True)
class Guard:
    """A guard that is ready. process: its descriptor; door: of a socket that listens in its network; why: of a pipe."""

    process: int
    door: int
    why: int

    def enter(self) -> None:
        """Let the calling process live where the guard does, but for its number, which it has from its birth."""
        kernel.enter(self.process, kernel.NEW_MOUNTS | kernel.NEW_IPC | kernel.NEW_NETWORK)

    def last_words(self) -> str:
        """Return which bound it saw exceeded, if any."""
        with contextlib.suppress(BlockingIOError):
            return os.read(self.why, 100).decode("ascii", "replace")
        return ""

    def end(self) -> None:
        """End it, and with it all that is left in its namespace."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.process, signal.SIGKILL)

    def close(self) -> None:
        """Close the descriptors."""
        for descriptor in (self.process, self.door, self.why):
            os.close(descriptor)


class Launcher:
    """The process that forks guards. Start it early: it stays as small as the process is then."""

    def __init__(self, *close: int) -> None:
        """Start it; it shall not have the descriptors *close*."""
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if os.fork() == 0:
            for descriptor in (self._socket.detach(), *close):
                os.close(descriptor)
            _serve(theirs)
            os._exit(0)
        theirs.close()

    def guard(self, order: dict[str, Any]) -> Guard:
        """Return a guard for a candidate with *order*; `GuardFailed`."""
        why, theirs = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            socket.send_fds(self._socket, [json.dumps(order).encode()], [theirs])
        finally:
            os.close(theirs)
        answer, descriptors, _, _ = socket.recv_fds(self._socket, _LONGEST, 2)
        if len(descriptors) != 2:
            os.close(why)
            raise GuardFailed(answer[ANSWER.size :].decode("utf-8", "replace") or "the launcher of guards has ended")
        process, door = descriptors
        return Guard(process, door, why)

    def close(self) -> None:
        """Close the way to it, in a process that has no business with it."""
        self._socket.close()


def _serve(channel: socket.socket) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # guards, and what is left to them, are buried by the kernel
    home = os.pidfd_open(os.getpid())
    while True:
        data, descriptors, _, _ = socket.recv_fds(channel, _LONGEST, 1)
        if not data:
            return
        kernel.unshare(kernel.NEW_PIDS)
        if os.fork() == 0:
            os.close(home)
            _guard(channel, json.loads(data), descriptors[0])
            os._exit(0)
        kernel.enter(home, kernel.NEW_PIDS)  # the next one gets a namespace of its own
        os.close(descriptors[0])


def _guard(channel: socket.socket, order: dict[str, Any], why: int) -> None:
    try:
        kernel.set_dumpable(dumpable=False)
        mounts.make_private(order["mounts"])
        # A door that leads into this network: whoever has it hears who connects here.
        with socket.create_server(("127.0.0.1", 0)) as door:
            itself = os.pidfd_open(os.getpid())
            socket.send_fds(channel, [ANSWER.pack(0)], [itself, door.fileno()])
            os.close(itself)
    except Exception as error:  # noqa: BLE001 - told to who asked
        channel.send(ANSWER.pack(-1) + str(error).encode())
        return
    channel.close()
    _Watch(order["watch"], order["mounts"]["shared"], why).run()


class _Watch:
    """Looks at the processes of this namespace until they go too far, or somebody ends it."""

    def __init__(self, bounds: dict[str, int], shared: str, why: int) -> None:
        self._bounds = bounds
        self._shared = shared
        self._why = why
        self._end = time.monotonic() + bounds["wall"]
        self._sees = os.path.isdir("/proc/1")

    def run(self) -> None:
        """Wait until a bound is exceeded, tell which, and end everything."""
        excess = ""
        while not excess:
            time.sleep(_PAUSE)
            began = time.monotonic()
            excess = self._excess()
            time.sleep(2 * (time.monotonic() - began))  # where there are many processes, a look takes long
        os.write(self._why, excess.encode())
        # It ends here, and the kernel ends the others.

    def _excess(self) -> str:
        """Return which bound is exceeded, or nothing."""
        if time.monotonic() > self._end:
            return "wall"
        processes = [name for name in os.listdir("/proc") if name.isdecimal() and name != "1"] if self._sees else []
        memory = threads = descriptors = 0
        for process in processes:
            with contextlib.suppress(OSError, ValueError, IndexError):  # it may have ended
                used = _used(process)
                memory, threads, descriptors = memory + used[0], threads + used[1], descriptors + used[2]
        if threads > self._bounds["threads"]:
            return "processes"
        if descriptors > self._bounds["descriptors"]:
            return "descriptors"
        if _too_full(self._shared, self._bounds["disk"], self._bounds["inodes"]):
            return "disk"
        # What forked processes have in common was counted for each: now look closely, which takes longer.
        too_much = memory > self._bounds["memory"] and sum(map(_share, processes)) > self._bounds["memory"]
        return "memory" if too_much else ""


def _used(process: str) -> tuple[int, int, int]:
    """Return the bytes, threads and open descriptors of a process; pages of files are not counted."""
    with open(f"/proc/{process}/status", "rb") as file:
        status = file.read()
    memory = _number(status, b"RssAnon:") + _number(status, b"RssShmem:")
    return memory * _KILO, _number(status, b"Threads:"), os.stat(f"/proc/{process}/fd").st_size


def _too_full(folder: str, most: int, most_files: int) -> bool:
    """Return whether the files below *folder* are too many or too large; what was written elsewhere has a bound."""
    places, count = [folder], 0
    while places:
        with contextlib.suppress(OSError), os.scandir(places.pop()) as entries:  # it may be gone
            for entry in entries:
                count += 1
                if entry.is_dir(follow_symlinks=False):
                    places.append(entry.path)
                else:
                    most -= entry.stat(follow_symlinks=False).st_blocks * 512
                if most < 0 or count > most_files:
                    return True
    return False


def _share(process: str) -> int:
    """Return the bytes of a process, where each page is divided by how many have it."""
    try:
        with open(f"/proc/{process}/smaps_rollup", "rb") as file:
            shares = file.read()
    except OSError:
        return 0  # it has ended
    return (_number(shares, b"Pss_Anon:") + _number(shares, b"Pss_Shmem:")) * _KILO


def _number(text: bytes, name: bytes) -> int:
    return int(text.split(name, 1)[1].split(None, 1)[0])
