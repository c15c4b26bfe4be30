"""The probe attempts to escape, and the level that it measures is the one that holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.judge.isolation.level import CannotIsolateError, Level
from grader.judge.isolation.measured import Measured
from grader.judge.isolation.probe import measure


def measured_at(level: Level, secret: Path) -> Measured:
    """Return what is measured at a level, or skip the test where the machine cannot have it."""
    try:
        return measure(level, [secret])
    except CannotIsolateError as error:
        pytest.skip(str(error))


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Return a folder that no candidate may see."""
    (tmp_path / "expected.txt").write_text("42\n", "ascii")
    return tmp_path


@pytest.mark.parametrize("level", [Level.FULL, Level.STRONG])
def test_the_level_asked_for_holds(secret: Path, level: Level) -> None:
    """Everything that the level has to block is blocked."""
    measured = measured_at(level, secret)
    assert measured.missing == ""
    assert measured.level is level
    assert len(measured.attempts) > 20


def test_without_isolation_most_is_possible(secret: Path) -> None:
    """The attempts do succeed where nothing keeps them: that they fail elsewhere says something."""
    measured = measured_at(Level.NONE, secret)
    possible = {attempt.what for attempt in measured.attempts if not attempt.blocked}
    assert possible >= {
        "read another submission",
        "read solutions and tests",
        "write to the system or to others' folders",
        "look into the judge or its neighbours",
        "see other processes",
        "end a neighbour by a signal",
        "reach the judge over the network",
        "reach the judge by an abstract socket",
        "reach the judge by a socket's path",
        "gain rights, namespaces or mounts",
        "leave a process behind",
        "take much memory in several processes",
        "start many processes",
        "open many files",
        "fill the disk",
    }
    assert [file.name for file in secret.iterdir()] == ["expected.txt"]
