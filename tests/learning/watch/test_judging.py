"""Files are judged one thing at a time, in a thread, by judges that are kept warm and can be ended at any moment."""

from __future__ import annotations

import os
import queue
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.authoring import scaffold
from grader.exercise import Exercise
from grader.learning.watch.events import Checked, CheckedAll, Judged
from grader.learning.watch.judging import Judges
from grader.learning.watch.state import DECISIVE, FOR_REAL, Result

NAME, OTHER = "42_feed_cats", "43_walk_dogs"
SOON = 60.0
HANGS = {"feed_cats.py": b"while True:\n    pass\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "exercises").mkdir()
    for name in (NAME, OTHER):
        scaffold.create(tmp_path / "exercises", name)
    return tmp_path


class Told:
    """What was told, one after another."""

    def __init__(self, root: Path) -> None:
        self.exercise = Exercise(root / "exercises" / NAME)
        self.other = Exercise(root / "exercises" / OTHER)
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.judges = Judges(root, self._queue.put)

    def next(self, seconds: float = SOON) -> Any:
        return self._queue.get(timeout=seconds)

    def outcome(self) -> tuple[str, str]:
        judged = self.next()
        assert isinstance(judged, Judged)
        assert judged.verdict is not None, judged.fault
        return judged.clock, judged.verdict.outcome

    def nothing(self, seconds: float = 1.0) -> bool:
        try:
            self.next(seconds)
        except queue.Empty:
            return True
        return False


@pytest.fixture
def told(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Told]:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    told = Told(root)
    yield told
    told.judges.close()
    assert list(temporary.iterdir()) == []


def right(root: Path) -> dict[str, bytes]:
    return {"feed_cats.py": (root / "solutions" / NAME / "feed_cats.py").read_bytes()}


def wrong(root: Path) -> dict[str, bytes]:
    return {"feed_cats.py": (root / "solutions" / NAME / "rejected" / "ran-sequentially.py").read_bytes()}


def test_what_is_judged_is_told_with_its_picture(told: Told, root: Path) -> None:
    """On either clock; what passes has a picture of its own program in time, too."""
    told.judges.judge(told.exercise, right(root), DECISIVE)
    judged = told.next()
    assert judged.verdict.outcome == "PASS"
    assert any(check.picture is not None for check in judged.verdict.checks)
    told.judges.judge(told.exercise, wrong(root), FOR_REAL)
    assert told.outcome() == (FOR_REAL, "FAIL")


def test_a_file_beside_it_can_be_imported(told: Told, root: Path) -> None:
    """As it can where pytest judges."""
    files = right(root)
    split = {"feed_cats.py": b"from bowls import *\n", "bowls.py": files["feed_cats.py"]}
    told.judges.judge(told.exercise, split, DECISIVE)
    assert told.outcome() == (DECISIVE, "PASS")


def test_another_save_ends_what_hangs(told: Told, root: Path) -> None:
    """And only the newest is told of."""
    told.judges.judge(told.exercise, HANGS, DECISIVE)
    assert told.nothing()
    begun = time.monotonic()
    told.judges.judge(told.exercise, wrong(root), DECISIVE)
    told.judges.judge(told.exercise, right(root), DECISIVE)
    assert told.outcome() == (DECISIVE, "PASS")
    assert time.monotonic() - begun < 18  # two checks of 10 s have not been waited for
    assert told.nothing()


def test_what_is_stopped_is_not_told(told: Told, root: Path) -> None:
    """And the next one is judged as ever."""
    told.judges.judge(told.exercise, HANGS, DECISIVE)
    assert told.nothing()
    told.judges.stop()
    assert told.nothing()
    told.judges.judge(told.exercise, right(root), DECISIVE)
    assert told.outcome() == (DECISIVE, "PASS")


def test_a_judge_that_has_died_is_replaced(told: Told, root: Path) -> None:
    """Nobody notices."""
    told.judges.judge(told.exercise, right(root), DECISIVE)
    assert told.outcome() == (DECISIVE, "PASS")
    (server,) = told.judges._servers.values()
    os.kill(server._process.pid, signal.SIGKILL)
    told.judges.judge(told.exercise, right(root), DECISIVE)
    assert told.outcome() == (DECISIVE, "PASS")


def test_one_that_cannot_start_is_our_fault(told: Told, root: Path) -> None:
    """In one line."""
    (root / "exercises" / "conftest.py").write_text("import os\nos._exit(7)\n")
    told.judges.judge(told.exercise, right(root), DECISIVE)
    judged = told.next()
    assert judged.verdict is None
    assert "ended with 7" in judged.fault


def test_an_exercise_that_is_left_out_says_so(told: Told, root: Path) -> None:
    """It is nobody's fault."""
    told.exercise.test.write_text('import pytest\n\npytest.importorskip("no_such_package", reason="needs more")\n')
    told.judges.judge(told.exercise, right(root), DECISIVE)
    assert told.next().left_out == "it is left out on this machine"


def test_judges_that_are_not_needed_are_let_go(told: Told, root: Path) -> None:
    """One is made ready before it is needed; those of exercises that were left end."""
    told.judges.warm(told.other)
    told.judges.judge(told.exercise, right(root), DECISIVE)
    assert told.outcome() == (DECISIVE, "PASS")
    told.judges.keep({told.other})
    deadline = time.monotonic() + SOON
    while len(told.judges._servers) > 1 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [exercise for exercise, _ in told.judges._servers] == [told.other]


def test_all_are_judged_one_after_another(told: Told, root: Path) -> None:
    """Each with what its files hold, or why there is nothing to judge."""
    found: dict[str, Any] = {NAME: right(root), OTHER: "not started"}
    told.judges.check_all([told.exercise, told.other], lambda exercise: found[exercise.name])
    assert told.next() == Checked(Result(NAME, "right"))
    assert told.next() == Checked(Result(OTHER, "not started", "not started"))
    assert told.next() == CheckedAll()
    found = {NAME: wrong(root), OTHER: {"walk_dogs.py": b"def"}}
    told.judges.check_all([told.exercise, told.other], lambda exercise: found[exercise.name])
    assert told.next().result.what == "wrong"
    assert told.next().result == Result(OTHER, "wrong", "Python cannot read the file")


def test_checking_all_can_be_ended(told: Told, root: Path) -> None:
    """In the middle of one that hangs."""
    told.judges.check_all([told.exercise, told.other], lambda _: HANGS)
    assert told.nothing()
    told.judges.stop()
    assert told.nothing()
    told.judges.judge(told.exercise, right(root), DECISIVE)
    assert told.outcome() == (DECISIVE, "PASS")
