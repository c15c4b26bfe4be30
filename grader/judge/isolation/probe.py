"""Measures how well this machine keeps candidates apart: one of ours attempts to escape, and we see what comes of it.

It starts candidates as they are always started. What the judge can observe itself, it does not ask the candidate.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from grader.judge.candidates import Candidates
from grader.judge.isolation import escapes
from grader.judge.isolation.level import CannotIsolateError, Level, Limits
from grader.judge.isolation.measured import Attempt, Measured, judged
from grader.judge.isolation.talk import EndedError, RaisedError, Talk

# Small, so that to reach them costs little; they are enforced as the large ones are.
_LIMITS: Final = Limits(
    memory=128 << 20, address_space=640 << 20, processes=40, files=64, file_size=2 << 20, disk=4 << 20, inodes=64
)
_TO_END: Final = 1.5  # seconds in which what is to be ended has ended, on the busiest machine
_WRITABLE: Final = (".", "/tmp", "/dev/shm", "/var/tmp")  # noqa: S108 - its own, or where everybody may write
_ESCAPES: Final = Path(escapes.__file__)
_SYSTEM: Final = ("/", "/usr", "/etc", "/dev", "/var", "/opt", "/root", "/home", "/submission", "/exercise", "/spool")


__all__ = ["Measured", "measure"]


@dataclass(frozen=True)
class _Bait:
    """What the judge lays out: a secret, things of its own in reach of every user, and somebody to hurt."""

    token: str
    folder: Path
    files: Sequence[str]
    victim: subprocess.Popen[bytes]
    doors: Sequence[socket.socket]


def measure(level: Level, secret: Sequence[Path] = ()) -> Measured:
    """Return which level holds when candidates are started at *level*; it takes less than a second.

    secret: files and folders that no candidate may see. `CannotIsolateError` when the level cannot be started at all.
    """
    candidates = Candidates(level, _LIMITS, hidden=[path for path in secret if path.is_dir()])
    with contextlib.closing(candidates), _baited(candidates, secret) as bait:
        try:
            found = _passive(Talk(candidates, _ESCAPES), bait)
            found += [*_bounds(Talk(candidates, _ESCAPES)), _all_memory(candidates), _daemon(candidates)]
        except (EndedError, RaisedError) as problem:
            raise CannotIsolateError(f"the candidate that measures the isolation came to grief: {problem}") from None
    return judged(level, found)


@contextlib.contextmanager
def _baited(candidates: Candidates, secret: Sequence[Path]) -> Iterator[_Bait]:
    token = secrets.token_hex(16)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="onedelay-probe-")))
        folder.chmod(0o777)
        other = folder / "another" / "another.py"
        other.parent.mkdir()
        other.write_text(f"# {token}\n", "ascii")
        files = [str(other), *map(str, secret)]
        place = candidates.place_of(other)
        if place is not None:
            files += [str(place / "another.py"), f"/spool/{place.parent.name}/submission/another.py"]
        doors = [_door(("127.0.0.1", 0)), _door(("0.0.0.0", 0)), _door(f"\0{token}"), _door(str(folder / "door"))]  # noqa: S104 - a moment's bait
        for door in doors:
            stack.callback(door.close)
        victim = stack.enter_context(_victim())
        stack.callback(victim.kill)
        os.environ["ONEDELAY_PROBE"] = token
        stack.callback(os.environ.pop, "ONEDELAY_PROBE")
        yield _Bait(token, folder, files, victim, doors)


def _victim() -> subprocess.Popen[bytes]:
    """Return a process that does nothing, in which a signal to end it waits to be seen; it ends with this one."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    try:
        command = [sys.executable, "-I", "-S", "-c", "import sys; sys.stdin.read()"]
        nothing = subprocess.DEVNULL
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=nothing, stderr=nothing)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _door(address: Any) -> socket.socket:
    door = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
    door.bind(address)
    door.listen()
    door.settimeout(0)
    if isinstance(address, str) and not address.startswith("\0"):
        Path(address).chmod(0o777)
    return door


# -- what is attempted -----------------------------------------------------------------------------------------


def _passive(talk: Talk, bait: _Bait) -> list[Attempt]:
    found = [*_files(talk, bait), *_itself(talk, bait), *_processes(talk, bait), *_network(talk, bait)]
    gained = talk.call("gain", bait.victim.pid, str(bait.folder))
    found.append(_attempt("gain rights, namespaces or mounts", Level.STRONG, gained))
    talk.end()
    return found


def _attempt(what: str, needed: Level, open_ways: Any) -> Attempt:
    """Return an attempt that was blocked when there are no *open_ways*."""
    detail = ", ".join(map(str, open_ways)) if isinstance(open_ways, list | tuple | set) else str(open_ways or "")
    return Attempt(what, needed, not open_ways, detail[:80])


def _files(talk: Talk, bait: _Bait) -> Iterator[Attempt]:
    read = talk.call("read_files", list(bait.files))
    another = [path for path, text in read.items() if bait.token in text]
    yield _attempt("read another submission", Level.STRONG, another)
    yield _attempt(
        "read solutions and tests", Level.STRONG, [path for path in read if read[path] and path not in another]
    )
    guarded = ["/etc/shadow", "/proc/1/environ", "/proc/kcore", str(Path.home() / ".ssh")]
    yield _attempt(
        "read the secrets of the system",
        Level.STRONG,
        [p for p, text in (talk.call("read_files", guarded)).items() if text],
    )
    name = f"onedelay-{bait.token}"
    written = talk.call("write_files", [*_SYSTEM, sys.prefix, str(_ESCAPES.parent), str(bait.folder)], name)
    yield _attempt("write to the system or to others' folders", Level.STRONG, {*written, *_cleaned(bait.folder / name)})
    yield _attempt(
        "change its own file", Level.STRONG, talk.call("change_files", [str(_ESCAPES), "/submission/escapes.py"])
    )


def _cleaned(path: Path) -> list[str]:
    """Remove what a candidate has written, and return where it was."""
    if not path.exists():
        return []
    path.unlink()
    return [str(path.parent)]


def _itself(talk: Talk, bait: _Bait) -> Iterator[Attempt]:
    itself = talk.call("about_itself")
    environment = itself.get("environment", {})
    leaked = [name for name, value in environment.items() if bait.token in value or name in {"USER", "LOGNAME"}]
    yield _attempt("read the judge's environment", Level.WEAK, leaked)
    strange = [
        place for place in itself.get("descriptors", ()) if place and not place.startswith(("pipe:", os.devnull))
    ]
    yield _attempt("use descriptors of the judge's", Level.WEAK, [p for p in strange if not p.startswith("/proc/")])
    yield _attempt("be the judge's user", Level.STRONG, [os.geteuid()] if _same_user(itself.get("user")) else [])


def _same_user(user: int | None) -> bool:
    # In a namespace of its own, the user's number says nothing; what it may do there has its own attempts.
    return user == os.geteuid() == 0


def _processes(talk: Talk, bait: _Bait) -> Iterator[Attempt]:
    seen = talk.call("look_at_processes", os.getpid(), bait.victim.pid)
    reached = [name for name in ("judge", "victim", "parent") if seen.get(name)]
    yield _attempt("look into the judge or its neighbours", Level.STRONG, reached)
    yield _attempt("see other processes", Level.FULL, seen.get("others"))
    talk.call("send_signals", [bait.victim.pid])
    state = Path(f"/proc/{bait.victim.pid}/status").read_text("utf-8").split("ShdPnd:", 1)[1].split()[0]
    hit = int(state, 16) >> (signal.SIGTERM - 1) & 1
    yield _attempt("end a neighbour by a signal", Level.STRONG, ["it arrived"] if hit else [])


def _network(talk: Talk, bait: _Bait) -> Iterator[Attempt]:
    local, everywhere, abstract, path = bait.doors
    here = _own_address()
    addresses = [list(local.getsockname()), [here, everywhere.getsockname()[1]], f"\0{bait.token}", path.getsockname()]
    said = talk.call("connect", [*addresses, ["192.0.2.1", 9]])
    visited = {door: _visited(door) for door in bait.doors}
    yield _attempt(
        "reach the judge over the network", Level.STRONG, [here] if visited[local] or visited[everywhere] else []
    )
    yield _attempt("reach the judge by an abstract socket", Level.STRONG, ["connected"] if visited[abstract] else [])
    yield _attempt("reach the judge by a socket's path", Level.FULL, ["connected"] if visited[path] else [])
    yield _attempt("reach the outside", Level.STRONG, [a for a in said if "192.0.2.1" in a])


def _own_address() -> str:
    """Return this machine's address in the network, or the loopback's when it has none."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.connect(("192.0.2.1", 9))  # sends nothing
        return str(door.getsockname()[0])
    return "127.0.0.1"


def _visited(door: socket.socket) -> bool:
    try:
        door.accept()[0].close()
    except OSError:
        return False
    return True


def _bounds(talk: Talk) -> Iterator[Attempt]:
    def more(what: str, needed: Level, taken: int, most: int) -> Attempt:
        return _attempt(what, needed, [taken] if taken > most else [])

    megabytes, most = _LIMITS.address_space >> 20, _LIMITS.disk >> 20
    taken = talk.call("take_memory", megabytes)
    yield _attempt("take much memory in one process", Level.WEAK, [megabytes] if taken else [])
    yield more("open many files", Level.WEAK, talk.call("open_files", 2 * _LIMITS.files), _LIMITS.files)
    large = talk.call("write_one_file", _WRITABLE[1], (_LIMITS.file_size >> 20) + 1)
    yield _attempt("write a large file", Level.WEAK, _WRITABLE[1:2] if large else [])
    started = talk.call("start_processes", _LIMITS.processes + 24)
    yield more("start many processes", Level.STRONG, started, _LIMITS.processes)
    yield more("fill the disk", Level.FULL, talk.call("fill_disk", list(_WRITABLE), 2 * most), most)
    talk.end()


def _all_memory(candidates: Candidates) -> Attempt:
    talk = Talk(candidates, _ESCAPES)
    megabytes = _LIMITS.memory * 3 // 4 >> 20
    try:
        taken = talk.call("share_memory", megabytes, 2)
    except EndedError:
        taken = False
    talk.end()
    return _attempt("take much memory in several processes", Level.FULL, [f"{2 * megabytes} MB"] if taken else [])


def _daemon(candidates: Candidates) -> Attempt:
    talk = Talk(candidates, _ESCAPES)
    talk.call("leave_a_daemon")
    talk.child.kill()
    candidates.release()
    ended = talk.child.has_ended_entirely(_TO_END)
    talk.end()
    return _attempt("leave a process behind", Level.STRONG, [] if ended else ["it lived on"])
