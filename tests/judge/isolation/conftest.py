"""Candidates at the level FULL, started with the text of a file. Each module makes the `candidates` that it needs."""

from __future__ import annotations

import contextlib
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.judge.candidates import Candidates
from grader.judge.isolation.level import CannotIsolateError, Level
from grader.judge.isolation.talk import RaisedError, Talk


@pytest.fixture(scope="session")
def full() -> None:
    """Leave a test out where this machine cannot keep candidates apart, and say why."""
    with contextlib.closing(Candidates(Level.FULL)) as candidates:
        try:
            Talk(candidates, Path(__file__).with_name("nothing.py"))
        except CannotIsolateError as error:
            pytest.skip(str(error))
        except RaisedError:  # there is no such file, and somebody has looked for it
            return


@pytest.fixture
def start(candidates: Candidates, tmp_path: Path) -> Iterator[Callable[[str], Talk]]:
    """Return what starts a candidate with the text of a file."""
    talks: list[Talk] = []

    def start(text: str) -> Talk:
        path = tmp_path / f"submission{len(talks)}.py"
        path.write_text("import os, signal, socket, sys, threading\n" + textwrap.dedent(text), "utf-8")
        talks.append(Talk(candidates, path))
        return talks[-1]

    yield start
    for talk in talks:
        candidates.discard(talk.child)
    candidates.release()
