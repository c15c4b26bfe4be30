"""What a class shows when its results are counted: misconceptions, distributions, faults, the slowest.

It knows no format. `Counting` takes the results one by one, as they may be read from disk only once.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from grader.classbook import ABSENT, UNREADABLE, Classbook, Graded, Student
from grader.verdict import ERROR, FAIL, NOT_RUN, PASS

_EXAMPLES: Final = 4  # example lines of a misconception
_SLOWEST: Final = 10
_KEPT: Final = 200  # characters of an example line
# What became of a submission, in words for a reader; in the order in which bars show them.
SHARES: Final = ("full", "some", "none", "missing", "unread", "ours")


@dataclass(frozen=True)
class Example:
    """A line that shows a misconception: whose, in which exercise, where, its text, and what it does."""

    student: Student
    exercise: str
    where: str
    text: str
    mark: str


@dataclass
class Misconception:
    """A diagnosis of the class, by its code, with the students whose most fundamental cause it is in some exercise."""

    code: str
    titles: Counter[str] = field(default_factory=Counter)
    students: dict[Student, None] = field(default_factory=dict)
    exercises: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The title given most often."""
        return self.titles.most_common(1)[0][0]

    @property
    def rank(self) -> tuple[int, int, str]:
        """What orders misconceptions: those of most students first, then of most submissions."""
        return (-len(self.students), -self.exercises.total(), self.code)

    def add(self, graded: Graded) -> None:
        """Count a failed submission; keep its line when none like it is kept."""
        cause = graded.verdict.cause if graded.verdict is not None else None
        if cause is None or cause.diagnosis is None:
            return
        found = cause.diagnosis
        self.titles[found.title] += 1
        self.students[graded.student] = None
        self.exercises[graded.exercise] += 1
        text = " ".join(cause.text[:_KEPT].split())
        if text and found.line is not None and len(self.examples) < _EXAMPLES:
            where = f"{found.line.file[:_KEPT]}:{found.line.number}"
            if all(text != example.text for example in self.examples):
                self.examples.append(Example(graded.student, graded.exercise, where, text, found.mark))


@dataclass
class Distribution:
    """How an exercise went. shares: of `SHARES`, how many submissions; earned: points -> how many earned them."""

    exercise: str
    points: float
    shares: Counter[str] = field(default_factory=Counter)
    earned: Counter[float] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    @property
    def mean(self) -> float | None:
        """The mean of what was earned by those who handed something in that was graded."""
        graded = sum(self.earned.values())
        return sum(points * count for points, count in self.earned.items()) / graded if graded else None

    @property
    def median(self) -> float | None:
        """The median of the same."""
        every = sorted(self.earned.elements())
        middle = len(every) // 2
        return (every[middle] + every[~middle]) / 2 if every else None


@dataclass(frozen=True)
class Cell:
    """A result as a cell of the heat map. share: one of `SHARES`."""

    exercise: str
    outcome: str
    earned: float | None
    share: str
    code: str


@dataclass(frozen=True)
class Fault:
    """A submission that could not be graded. ours: whether the grader is at fault; why: one line."""

    student: Student
    exercise: str
    ours: bool
    why: str


@dataclass(frozen=True, order=True)
class Slow:
    """How many seconds of real time a submission took; hung: whether the judge had to stop it."""

    seconds: float
    student: Student
    exercise: str
    hung: bool


class Counting:
    """Counts results, given in the order of students."""

    def __init__(self, book: Classbook) -> None:
        self._misconceptions: dict[str, Misconception] = {}
        self.distributions = {a.exercise: Distribution(a.exercise, a.points) for a in book.assignments}
        self.rows: dict[Student, list[Cell]] = defaultdict(list)
        self.outcomes: Counter[str] = Counter()
        self.faults: list[Fault] = []
        self._slowest: list[Slow] = []

    def add(self, graded: Graded) -> None:
        """Count one result."""
        cell = Cell(graded.exercise, graded.outcome, graded.earned, _share(graded), _code(graded))
        self.rows[graded.student].append(cell)
        self.outcomes[graded.outcome] += 1
        distribution = self.distributions[graded.exercise]
        distribution.shares[cell.share] += 1
        if cell.earned is not None and cell.share not in {"missing", "unread"}:
            distribution.earned[cell.earned] += 1
        if cell.code:
            distribution.codes[cell.code] += 1
            self._misconceptions.setdefault(cell.code, Misconception(cell.code)).add(graded)
        if graded.outcome in {ERROR, UNREADABLE}:
            ours = graded.outcome == ERROR
            self.faults.append(Fault(graded.student, graded.exercise, ours, _why(graded)))
        self._time(graded)

    def _time(self, graded: Graded) -> None:
        if graded.verdict is not None and graded.seconds > 0:
            hung = any(check.hung for check in graded.verdict.checks)
            keep = heapq.heappush if len(self._slowest) < _SLOWEST else heapq.heappushpop
            keep(self._slowest, Slow(graded.seconds, graded.student, graded.exercise, hung))

    @property
    def misconceptions(self) -> Sequence[Misconception]:
        """The misconceptions, those of most students first."""
        return sorted(self._misconceptions.values(), key=lambda found: found.rank)

    @property
    def slowest(self) -> Sequence[Slow]:
        """The slowest, slowest first."""
        return sorted(self._slowest, reverse=True)

    def total(self, student: Student) -> float:
        """Return what a student earned in all, as far as it is known."""
        return sum(cell.earned or 0 for cell in self.rows[student])


def _share(graded: Graded) -> str:
    if graded.outcome == ERROR:
        return "ours"
    if graded.outcome in {ABSENT, UNREADABLE}:
        return "missing" if graded.outcome == ABSENT else "unread"
    if graded.outcome == PASS:
        return "full"
    assert graded.verdict is not None
    if graded.outcome == NOT_RUN and graded.verdict.earned >= graded.verdict.points:
        return "full"
    return "some" if graded.verdict.earned else "none"


def _code(graded: Graded) -> str:
    return graded.diagnosis.code if graded.outcome == FAIL and graded.diagnosis is not None else ""


def _why(graded: Graded) -> str:
    if graded.verdict is not None and graded.verdict.cause is not None:
        cause = graded.verdict.cause
        return f"{cause.check}: {cause.fault or 'the check could not be run'}"
    return graded.problem or "no reason was recorded"
