"""A graded class as values: who handed in what, and what came of it. It knows neither files nor how it was graded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from grader.diagnosis.model import Diagnosis
from grader.verdict import ERROR, ExerciseVerdict

# What became of a submission beside PASS, FAIL, ERROR and NOT RUN: there was none, or none that could be read.
ABSENT: Final = "ABSENT"
UNREADABLE: Final = "UNREADABLE"


@dataclass(frozen=True, order=True)
class Student:
    """Someone who hands in. key: how submissions and roster name them, unique in a class.

    The rest is the roster's: name and e-mail address; fields: its row, column -> text, for the exporters.
    """

    key: str
    name: str = ""
    email: str = ""
    fields: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def shown(self) -> str:
        """Their name, or else their key."""
        return self.name or self.key


@dataclass(frozen=True)
class Assignment:
    """An exercise as a column of the class: its folder's name, its title in words, and its points."""

    exercise: str
    title: str
    points: float


@dataclass(frozen=True)
class Graded:
    """One student's submission of one exercise.

    source: where it came from, as the instructor knows it. verdict: None when nothing could be graded; *problem* then
    says why, *absent* whether there was nothing at all, and *faulty* whether that is ours. isolation: the level that
    was measured. seconds: real time.
    """

    student: Student
    exercise: str
    source: str = ""
    verdict: ExerciseVerdict | None = None
    problem: str = ""
    absent: bool = False
    faulty: bool = False
    isolation: str = ""
    seconds: float = 0.0

    @property
    def outcome(self) -> str:
        """``PASS``, ``FAIL``, ``ERROR``, ``NOT RUN``, ``ABSENT`` or ``UNREADABLE``."""
        if self.verdict is not None:
            return self.verdict.outcome
        if self.faulty:
            return ERROR
        return ABSENT if self.absent else UNREADABLE

    @property
    def earned(self) -> float | None:
        """What was earned; None when that is not known: a fault of ours is no zero."""
        if self.outcome == ERROR:
            return None
        return 0.0 if self.verdict is None else self.verdict.earned

    @property
    def diagnosis(self) -> Diagnosis | None:
        """The most fundamental diagnosis, if there is one."""
        cause = self.verdict.cause if self.verdict is not None else None
        return cause.diagnosis if cause is not None else None


@dataclass(frozen=True)
class Similar:
    """Submissions of one exercise that are nearly the same, for a human to look at.

    students: two or more, in the order of the class. ratio: 0 to 1, of the two that are least alike to the first of
    them. verbatim: nothing but layout and comments differs. usual: so many of the class have this structure that it
    says little by itself.
    """

    exercise: str
    students: tuple[Student, ...]
    ratio: float
    verbatim: bool = False
    usual: bool = False


@dataclass(frozen=True)
class Classbook:
    """A class, graded.

    title: of the class or folder. date: ISO 8601, of the run. clock: ``decisive``, ``virtual`` or ``both``. seed: of
    the run. isolation: the level measured. graded: every student's every assignment, in that order, each perhaps read
    from disk when it is looked at, so that one pass is better than many. problems: one line each, of what could not be
    read or matched.
    """

    title: str
    date: str
    clock: str
    seed: int
    isolation: str
    students: tuple[Student, ...]
    assignments: tuple[Assignment, ...]
    graded: Sequence[Graded]
    similar: tuple[Similar, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """What the whole class work is worth."""
        return sum(assignment.points for assignment in self.assignments)
