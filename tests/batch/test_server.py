"""A judge that grades one submission after another, in a process of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.authoring import scaffold
from grader.batch import worker
from grader.batch.job import Job, Reply, Settings
from grader.batch.server import Server, ServerFault
from grader.exercise import Exercise

NAME = "42_feed_cats"
HIDDEN = '''
async def test_nobody(submission):
    """Nobody is asked when there is nobody."""
    assert await submission.ask_everybody([], None) == []
'''
DECIDED_FOR_REAL = '''

@pytest.mark.check(clock="real")
async def test_nobody(submission):
    """Nobody is asked for real."""
    assert await submission.ask_everybody([], None) == []
'''
DRAWN = """
import asyncio

async def ask_everybody(names, ask):
    answers = await asyncio.gather(*map(ask, names))
    print(answers)
    return answers
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "exercises").mkdir()
    scaffold.create(tmp_path / "exercises", NAME)
    return tmp_path


@pytest.fixture
def server(root: Path) -> Iterator[Callable[..., Server]]:
    """Start a judge."""
    servers: list[Server] = []

    def start(**settings: Any) -> Server:
        servers.append(Server(Exercise(root / "exercises" / NAME), Settings(root, isolation="none", **settings)))
        return servers[-1]

    yield start
    for one in servers:
        one.close()


def right(root: Path) -> str:
    return (root / "solutions" / NAME / "feed_cats.py").read_text()


def wrong(root: Path) -> str:
    return (root / "solutions" / NAME / "rejected" / "ran-sequentially.py").read_text()


def job(text: str, student: str = "ada") -> Job:
    return Job(student, NAME, "feed_cats.py", {"feed_cats.py": text.encode()})


def outcomes(reply: Reply) -> list[str]:
    return [data["outcome"] for data in reply.verdicts]


def test_one_judge_grades_one_submission_after_another(server: Callable[..., Server], root: Path) -> None:
    """What one of them did is forgotten."""
    judge = server()
    found = [judge.grade(job(text)).verdict for text in (right(root), wrong(root), right(root))]
    assert [verdict.outcome for verdict in found if verdict] == ["PASS", "FAIL", "PASS"]
    assert found[1] is not None
    assert found[1].cause is not None
    assert found[1].cause.diagnosis is not None
    assert found[1].cause.diagnosis.code == "ran-sequentially"
    assert found[0] is not None
    assert found[0].earned == found[0].points > 0


def test_a_submission_of_several_files_is_graded_with_all_of_them(server: Callable[..., Server], root: Path) -> None:
    """The main file imports its neighbours."""
    files = {"feed_cats.py": b"from parts.work import ask_everybody\n", "parts/work.py": right(root).encode()}
    reply = server().grade(Job("ada", NAME, "feed_cats.py", files))
    assert set(outcomes(reply)) == {"PASS"}


def test_the_same_seed_gives_the_same_values(server: Callable[..., Server]) -> None:
    """Another seed, or another student, gives others."""

    def printed(seed: int, student: str = "ada") -> list[str]:
        return [data["printed"] for data in server(seed=seed).grade(job(DRAWN, student)).verdicts]

    assert printed(1) == printed(1)
    assert printed(1) != printed(2)
    assert printed(1) != printed(1, "ben")


def test_a_set_has_the_same_order_in_every_run(server: Callable[..., Server]) -> None:
    """A program that goes through one gets the same grade again."""
    text = DRAWN.replace("print(answers)", "print(list(set(names)), list({'x', 'y', 'z', 'w'}))")

    def printed() -> list[str]:
        return [data["printed"] for data in server(seed=1).grade(job(text)).verdicts]

    assert printed() == printed() == printed()


def test_hidden_checks_count(server: Callable[..., Server], root: Path) -> None:
    """They are among the expected ones, and marked."""
    (root / "solutions" / NAME / "test_hidden.py").write_text(HIDDEN)
    verdict = server().grade(job(right(root))).verdict
    assert verdict is not None
    assert verdict.outcome == "PASS"
    assert [check.check for check in verdict.checks if check.hidden] == ["Nobody is asked when there is nobody"]
    assert verdict.points == sum(check.points for check in verdict.checks)


@pytest.fixture
def decided_for_real(root: Path) -> None:
    """Add a check of the real clock that no other stands for; the exercise has a confirmation already."""
    test = root / "exercises" / NAME / "test_feed_cats.py"
    test.write_text(test.read_text() + DECIDED_FOR_REAL)


@pytest.mark.usefixtures("decided_for_real")
def test_the_real_clock_is_asked_what_only_it_can_decide(server: Callable[..., Server], root: Path) -> None:
    """Confirmations are left out, and are not expected, unless both clocks are asked for."""

    def for_real(**settings: str) -> list[str]:
        reply = server(**settings).grade(job(right(root)))
        assert reply.verdict is not None
        assert reply.verdict.outcome == "PASS"
        assert reply.verdict.points == sum(check.points for check in reply.verdict.checks)
        return [check.check for check in reply.verdict.checks if check.clock == "real"]

    assert for_real() == for_real(clock="decisive") == ["Nobody is asked for real"]
    assert for_real(clock="both") == ["And so on the real clock", "Nobody is asked for real"]
    assert for_real(clock="virtual") == []


def test_a_clock_without_checks_is_named(server: Callable[..., Server], root: Path) -> None:
    """An exercise that is judged for real only cannot be judged on the virtual clock, and that is said."""
    test = root / "exercises" / NAME / "test_feed_cats.py"
    test.write_text(test.read_text().partition("@pytest.mark")[0] + DECIDED_FOR_REAL)
    with pytest.raises(ServerFault, match=r"no checks on this clock \(--clock decisive has\)"):
        server(clock="virtual").grade(job(right(root)))


@pytest.mark.usefixtures("decided_for_real")
def test_what_is_wrong_on_the_virtual_clock_is_not_tried_for_real(server: Callable[..., Server], root: Path) -> None:
    """The check of the real clock is not run, and its points are missing."""
    verdict = server().grade(job(wrong(root))).verdict
    assert verdict is not None
    assert [check.outcome for check in verdict.checks if check.clock == "real"] == ["NOT RUN"]
    assert verdict.points == sum(check.points for check in verdict.checks) > verdict.earned


def test_a_judge_that_dies_says_so(server: Callable[..., Server], root: Path) -> None:
    """It is a fault of ours."""
    judge = server()
    judge.start()
    os.kill(judge._process.pid, signal.SIGKILL)
    with pytest.raises(ServerFault, match=r"^the judge of 42_feed_cats ended with -9"):
        judge.grade(job(right(root)))


def test_checks_that_cannot_be_collected_are_our_fault(server: Callable[..., Server], root: Path) -> None:
    """The reason is one line."""
    (root / "exercises" / NAME / "test_feed_cats.py").write_text("FUNCTIONS = {}\nimport no_such_module\n")
    with pytest.raises(ServerFault, match="could not be collected"):
        server().start()


def test_a_file_cannot_lie_outside_its_submission(server: Callable[..., Server], root: Path) -> None:
    """Whatever sent the job."""
    with pytest.raises(ServerFault, match="outside"):
        server().grade(Job("ada", NAME, "feed_cats.py", {"../feed_cats.py": b""}))


def test_nothing_is_left_on_disk(server: Callable[..., Server], root: Path) -> None:
    """The submission's copy is gone as soon as it is graded, the rest with the judge."""
    judge = server()
    judge.grade(job(right(root)))
    assert not [path for path in judge._folder.iterdir() if path.is_dir()]
    judge.close()
    assert not judge._folder.exists()


def test_a_worker_replaces_a_judge_that_died(root: Path) -> None:
    """One reply has the fault, the next its verdict."""
    settings = Settings(root, isolation="none")
    try:
        assert worker.grade_jobs(settings, [job(right(root))])[0].verdict
        (judge,) = worker._SERVERS
        os.kill(judge._process.pid, signal.SIGKILL)
        first, second = worker.grade_jobs(settings, [job(right(root)), job(right(root))])
        assert "ended with -9" in first.fault
        assert set(outcomes(second)) == {"PASS"}
    finally:
        worker.close_servers()


def test_a_judge_of_an_exercise_that_is_left_out_is_started_once(root: Path) -> None:
    """Each submission hears why, and costs no start."""
    test = root / "exercises" / NAME / "test_feed_cats.py"
    test.write_text(f"import pytest\n\npytest.importorskip('no_such_module')\n{test.read_text()}")
    settings = Settings(root, isolation="none")
    try:
        first, second = worker.grade_jobs(settings, [job(right(root)), job(right(root), "ben")])
        assert first.fault == second.fault == f"{NAME}: it is left out on this machine"
        (judge,) = worker._SERVERS
        assert judge._process.poll() is None
    finally:
        worker.close_servers()


def test_pictures_of_what_passes_are_drawn_when_asked_for(server: Callable[..., Server], root: Path) -> None:
    """A class does without them: nobody looks, and they are large."""
    judge = server()
    assert all(data["picture"] is None for data in judge.grade(job(right(root))).verdicts)
    assert any(data["picture"] is not None for data in judge.grade(job(right(root)), drawn=True).verdicts)
    assert all(data["picture"] is None for data in judge.grade(job(right(root))).verdicts)


def test_it_can_be_stopped_in_the_middle(
    server: Callable[..., Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for its answer gets a fault at once, and no process and no file is left."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    judge = server()
    judge.start()
    stopper = threading.Timer(1.0, judge.stop)
    stopper.start()
    begun = time.monotonic()
    with pytest.raises(ServerFault):
        judge.grade(job("while True:\n    pass\n"))
    assert time.monotonic() - begun < 8  # a check would have been ended after 10 s
    judge.close()
    assert list(temporary.iterdir()) == []
    if Path("/proc/self").exists():
        deadline = time.monotonic() + 5
        while left := _started_in(temporary):
            assert time.monotonic() < deadline, left
            time.sleep(0.05)


def _started_in(folder: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and f"TMPDIR={folder}".encode() in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_text())
    return found
