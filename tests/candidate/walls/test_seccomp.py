"""The filter of system calls refuses what no program of a learner's needs, on each machine that it knows."""

from __future__ import annotations

import errno
import os
import struct
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

if sys.platform != "linux":
    pytest.skip("only Linux has such filters", allow_module_level=True)

from grader.candidate.walls import seccomp

ALLOWED = 0
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
UNSHARE, PTRACE, CLONE, SOCKET, READ = (
    {"x86_64": 272, "aarch64": 97},
    {"x86_64": 101, "aarch64": 117},
    {"x86_64": 56, "aarch64": 220},
    {"x86_64": 41, "aarch64": 198},
    {"x86_64": 0, "aarch64": 63},
)
CLONE3, IO_URING = 435, 425


@pytest.fixture(params=sorted(AUDIT))
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let this be a machine of each kind."""
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(machine=request.param))
    seccomp.rules.cache_clear()
    yield request.param
    seccomp.rules.cache_clear()


def decision(machine: str, number: int, first: int = 0, *, inet: bool = True, audit: int | None = None) -> int:
    """Return the error that the filter gives a system call, as the kernel runs it; 0 when it is allowed."""
    seen = struct.pack("=iIQQ", number, AUDIT[machine] if audit is None else audit, 0, first)
    accumulator, place = 0, 0
    program = list(struct.iter_unpack("=HBBI", seccomp.rules(inet=inet)))
    tests = {0x15: lambda value: accumulator == value, 0x35: lambda value: accumulator >= value}
    tests[0x45] = lambda value: bool(accumulator & value)
    while True:
        code, if_so, if_not, value = program[place]
        place += 1
        if code == 0x20:
            (accumulator,) = struct.unpack_from("=I", seen, value)
        elif code == 0x06:
            return value & 0xFFFF if value & 0x7FFF0000 == 0x00050000 else ALLOWED
        else:
            place += if_so if tests[code](value) else if_not


def test_ordinary_calls_are_allowed(machine: str) -> None:
    """Reading, threads and processes, and sockets of the usual families."""
    assert decision(machine, READ[machine]) == ALLOWED
    assert decision(machine, CLONE[machine], 0x01200011) == ALLOWED  # a fork
    assert decision(machine, CLONE[machine], 0x003D0F00) == ALLOWED  # a thread
    for family in (1, 2, 10):
        assert decision(machine, SOCKET[machine], family) == ALLOWED


@pytest.mark.parametrize("flag", [0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000])
def test_no_namespace_can_be_made(machine: str, flag: int) -> None:
    """Not by clone, whatever else is asked for, nor by unshare; a newer clone is said to be unknown."""
    assert decision(machine, CLONE[machine], flag | 0x11) == errno.EPERM
    assert decision(machine, UNSHARE[machine]) == errno.EPERM
    assert decision(machine, CLONE3) == errno.ENOSYS


def test_other_families_of_sockets_are_refused(machine: str) -> None:
    """Netlink, packets, Bluetooth; without a network the internet's too."""
    for family in (0, 3, 16, 17, 31, 40):
        assert decision(machine, SOCKET[machine], family) == errno.EAFNOSUPPORT
    assert decision(machine, SOCKET[machine], 2, inet=False) == errno.EAFNOSUPPORT
    assert decision(machine, SOCKET[machine], 1, inet=False) == ALLOWED


def test_other_kinds_of_calls_do_not_exist(machine: str) -> None:
    """Those of another machine, and x86's third kind, have other numbers: none gets around the filter."""
    assert decision(machine, READ[machine], audit=0x40000003) == errno.ENOSYS
    assert decision(machine, 0x40000000 | READ[machine]) == errno.ENOSYS


def test_every_call_of_the_table_is_refused(machine: str) -> None:
    """Each by its own number on this machine."""
    column = {"x86_64": 0, "aarch64": 1}[machine]
    assert decision(machine, PTRACE[machine]) == errno.EPERM
    for name, numbers in seccomp._FORBIDDEN.items():
        assert decision(machine, numbers[column]) in {errno.EPERM, errno.ENOSYS}, name


def test_an_unknown_machine_is_no_machine_without_a_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused instead."""
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(machine="vax"))
    seccomp.rules.cache_clear()
    with pytest.raises(NotImplementedError, match="vax"):
        seccomp.rules(inet=True)
