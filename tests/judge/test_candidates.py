"""Candidates that are forked from a warm process are like those that are started, and end like them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.judge.candidates import Candidates
from grader.judge.child import Child
from grader.judge.process import ChildProcess
from grader.judge.zygote import Forked, can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system cannot pass what a zygote needs")


@pytest.fixture
def submission(tmp_path: Path) -> Path:
    """Return a file that prints, then ends its process with code 3."""
    path = tmp_path / "ends.py"
    path.write_text("import os\nprint('going')\nos._exit(3)\n", "utf-8")
    return path


@pytest.fixture
def candidates() -> Iterator[Candidates]:
    """Return candidates of a run with many submissions."""
    candidates = Candidates()
    candidates.expect_many(["json", "no_such_module"])
    yield candidates
    candidates.close()


def process_of(child: Child) -> Any:
    """Return the process behind a candidate."""
    assert isinstance(child, ChildProcess)
    return child._process


def load(child: Child, path: Path) -> dict[str, Any] | None:
    """Let a candidate load a file; return the last message before it waits or ends."""
    last = None
    for message in ({}, {"type": "load", "path": str(path), "name": path.stem}):
        if message:
            rest = {"inside": None, "limit": 5.0, "processes": None, "network": False}
            child.send({"type": "turn", "now": 0, "lease": 0, "messages": [{**message, **rest}]})
        while (frame := child.frames.get(timeout=20)) is not None and frame["type"] != "parked":
            last = frame
        if frame is None:
            return None
    return last


@pytest.mark.parametrize("virtual", [True, False])
def test_the_end_of_a_forked_candidate(candidates: Candidates, submission: Path, *, virtual: bool) -> None:
    """Its exit code, its last line and what it printed are known, and the next candidate is a fresh one."""
    if not virtual:
        first = candidates.take(submission, virtual=False)
        assert isinstance(process_of(first), Forked)
        candidates.discard(first)
        assert process_of(first).returncode == -signal.SIGKILL
        return
    first, second = (candidates.take(submission, virtual=True) for _ in range(2))
    assert isinstance(process_of(first), Forked)
    assert process_of(first).pid != process_of(second).pid
    assert load(first, submission) is None
    died = first.how_it_died(5)
    assert (died.how, died.detail, [line.number for line in died.stack]) == ("exit", "3", [3])
    assert load(second, submission.with_name("absent.py")) is not None  # it still answers
    for child in (first, second):
        candidates.discard(child)


def test_without_the_zygote(candidates: Candidates, submission: Path) -> None:
    """When the warm process is gone, candidates are started one by one."""
    candidates.discard(candidates.take(submission, virtual=True))
    zygote = candidates._zygotes[True]._process
    os.kill(zygote.pid, signal.SIGKILL)
    zygote.wait()
    child = candidates.take(submission, virtual=True)
    assert not isinstance(process_of(child), Forked)
    candidates.discard(child)


def test_nothing_is_left(submission: Path) -> None:
    """When the run is over, neither the warm process nor a candidate is there."""
    candidates = Candidates()
    candidates.expect_many([])
    child = candidates.take(submission, virtual=True)
    candidates.give_back(submission, child)
    zygote = candidates._zygotes[True]._process
    candidates.close()
    assert zygote.poll() is not None
    assert process_of(child).poll() is not None
