"""The driver: every submission gets one final result, and what may be the machine's fault is tried again, alone."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grader.batch import driver
from grader.batch.driver import Driver
from grader.batch.executors import Place
from grader.batch.job import Job, Reply, Settings
from grader.batch.store import Store

PASSED = ({"outcome": "PASS", "clock": "virtual"},)
LATE = ({"outcome": "PASS", "clock": "virtual"}, {"outcome": "FAIL", "clock": "real"})
WRONG = ({"outcome": "FAIL", "clock": "virtual"}, {"outcome": "NOT RUN", "clock": "real"})
BROKEN = ({"outcome": "ERROR", "clock": "virtual"},)


@dataclass(frozen=True)
class Submission:
    """A submission as a driver takes it."""

    student_key: str
    content: bytes
    exercise: str = "42_feed_cats"

    @property
    def key(self) -> tuple[str, str]:
        return self.student_key, self.exercise

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def job(self) -> Job:
        return Job(self.student_key, self.exercise, "feed_cats.py", {"feed_cats.py": self.content})


@pytest.fixture
def threads() -> Iterator[Callable[..., Place]]:
    """Make a place of plain threads."""
    executors: list[Executor] = []

    def make(width: int = 2, size: int = 1) -> Place:
        executors.append(ThreadPoolExecutor(width))
        return Place(executors[-1], width, size)

    yield make
    for executor in executors:
        executor.shutdown()


class Judges:
    """Stand in for the judges: replies by student, the first try first."""

    def __init__(self, replies: dict[str, list[Any]]) -> None:
        self.replies = replies
        self.asked: Counter[str] = Counter()
        self.together: dict[str, int] = {}
        self._running = 0
        self._lock = threading.Lock()

    def __call__(self, _: Settings, jobs: Sequence[Job]) -> list[Reply]:
        with self._lock:
            self._running += 1
            for job in jobs:
                self.together[f"{job.student} {self.asked[job.student]}"] = self._running
        found = [self._one(job) for job in jobs]
        with self._lock:
            self._running -= 1
        return found

    def _one(self, job: Job) -> Reply:
        tries = self.replies.get(job.student, [PASSED])
        said = tries[min(self.asked[job.student], len(tries) - 1)]
        self.asked[job.student] += 1
        if isinstance(said, Exception):
            raise said
        if isinstance(said, str):
            return Reply(job.student, job.exercise, fault=said)
        return Reply(job.student, job.exercise, said)


@pytest.fixture
def grade(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, threads: Callable[..., Place]) -> Callable[..., Any]:
    """Grade students whose judges reply as told; return what was stored, what was told, and the judges."""

    def run(students: Sequence[str], replies: dict[str, list[Any]], *, size: int = 1, content: bytes = b"x") -> Any:
        judges = Judges(replies)
        monkeypatch.setattr(driver, "grade_jobs", judges)
        store, told = Store(tmp_path / "grades.sqlite"), []
        batch = Driver(Settings(tmp_path), store, lambda reply: told.append(reply.student))
        batch.run([Submission(student, content) for student in students], threads(2, size))
        return {item.reply.student: item for item in store}, told, judges

    return run


def test_every_submission_is_graded_once(grade: Callable[..., Any]) -> None:
    """Each has its final result, and is told of once."""
    students = [f"student{number:02}" for number in range(40)]
    stored, told, judges = grade(students, {}, size=7)
    assert set(stored) == set(students)
    assert all(item.settled for item in stored.values())
    assert sorted(told) == students
    assert set(judges.asked.values()) == {1}


@pytest.mark.parametrize("first", ["the judge died", BROKEN, LATE, ()], ids=["fault", "ERROR", "late", "no verdict"])
def test_what_may_be_the_machines_fault_is_tried_once_more(grade: Callable[..., Any], first: Any) -> None:
    """The second result counts."""
    stored, told, judges = grade(["ada", "ben"], {"ada": [first, PASSED]})
    assert stored["ada"].reply.verdicts == PASSED
    assert judges.asked == {"ada": 2, "ben": 1}
    assert sorted(told) == ["ada", "ben"]


def test_a_second_try_runs_alone(grade: Callable[..., Any]) -> None:
    """Nothing else runs meanwhile."""
    students = [f"student{number}" for number in range(8)]
    _, _, judges = grade(students, {student: ["the judge died", PASSED] for student in students})
    assert {judges.together[f"{student} 1"] for student in students} == {1}


def test_a_fault_that_comes_twice_is_reported_as_ours(grade: Callable[..., Any]) -> None:
    """It stands in the results, and no third try is made."""
    stored, _, judges = grade(["ada"], {"ada": ["the judge died"]})
    assert stored["ada"].reply.fault == "the judge died"
    assert stored["ada"].settled
    assert judges.asked["ada"] == 2


def test_a_wrong_submission_is_not_tried_again(grade: Callable[..., Any]) -> None:
    """What the virtual clock says is final."""
    _, _, judges = grade(["ada"], {"ada": [WRONG]})
    assert judges.asked["ada"] == 1


def test_a_lost_worker_takes_no_neighbour_with_it(grade: Callable[..., Any]) -> None:
    """Each submission of its task is tried again, by itself."""
    students = [f"student{number}" for number in range(4)]
    stored, _, judges = grade(students, {"student2": [RuntimeError("KilledWorker"), PASSED]}, size=4)
    assert {student: item.reply.verdicts for student, item in stored.items()} == dict.fromkeys(students, PASSED)
    assert judges.asked["student2"] == 2


def test_what_is_stored_is_not_graded_again(grade: Callable[..., Any]) -> None:
    """It is told of, so that a count of the finished ones is right."""
    grade(["ada"], {})
    _, told, judges = grade(["ada", "ben"], {})
    assert judges.asked == {"ben": 1}
    assert sorted(told) == ["ada", "ben"]


def test_a_changed_submission_is_graded_again(grade: Callable[..., Any]) -> None:
    """Its files are not those that the result belongs to."""
    grade(["ada"], {}, content=b"x")
    _, _, judges = grade(["ada"], {}, content=b"y")
    assert judges.asked == {"ada": 1}


def test_what_cannot_be_read_any_more_is_no_zero(grade: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told of as ours, and the others are graded."""

    def gone(self: Submission) -> Job:
        if self.student_key == "ada":
            raise driver.Gone("ada/feed_cats.py: changed while the class was being graded")
        return Job(self.student_key, self.exercise, "feed_cats.py", {})

    monkeypatch.setattr(Submission, "job", gone)
    stored, told, _ = grade(["ada", "ben"], {})
    assert "changed" in stored["ada"].reply.fault
    assert stored["ben"].reply.verdicts == PASSED
    assert sorted(told) == ["ada", "ben"]
