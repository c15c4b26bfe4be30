"""Puts the class book together from what was handed in and what the store holds. It grades nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import overload

from grader import similarity
from grader.batch.job import Key
from grader.batch.store import Store
from grader.classbook import Assignment, Classbook, Graded, Similar, Student
from grader.exercise import Exercise
from grader.intake.model import Intake, IntakeError


class StoredResults(Sequence[Graded]):
    """Every student and exercise of a class, each read from the store when it is looked at.

    A class of thousands then costs no more memory than one of hundreds. sources: key -> where it came from.
    unreadable: key -> why there is something that could not be graded.
    """

    def __init__(
        self,
        store: Store,
        students: Sequence[Student],
        exercises: Sequence[str],
        sources: Mapping[Key, str],
        unreadable: Mapping[Key, str],
    ) -> None:
        self._store = store
        self._students = students
        self._exercises = exercises
        self._sources = sources
        self._unreadable = unreadable

    def __len__(self) -> int:
        """Students times exercises."""
        return len(self._students) * len(self._exercises)

    @overload
    def __getitem__(self, place: int) -> Graded: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Graded]: ...
    def __getitem__(self, place: int | slice) -> Graded | Sequence[Graded]:
        """Return one, or some."""
        if isinstance(place, slice):
            return [self[index] for index in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        row, column = divmod(place % len(self), len(self._exercises))
        return self._graded(self._students[row], self._exercises[column])

    def __iter__(self) -> Iterator[Graded]:
        """Return them in the order of students, then exercises."""
        return (self._graded(student, exercise) for student in self._students for exercise in self._exercises)

    def _graded(self, student: Student, exercise: str) -> Graded:
        key = (student.key, exercise)
        stored = self._store.get(key) if key in self._sources else None
        if stored is None:
            problem = self._unreadable.get(key, "")
            absent = key not in self._sources and not problem
            return Graded(
                student, exercise, problem=problem or ("no submission" if absent else "not graded yet"), absent=absent
            )
        reply = stored.reply
        return Graded(
            student,
            exercise,
            self._sources[key],
            reply.verdict,
            f"a fault of the grader's: {reply.fault}" if reply.fault else "",
            isolation=reply.isolation,
            seconds=reply.seconds,
            faulty=bool(reply.fault),
        )


class Sources(Mapping[Student, str]):
    """The programs that were handed in for one exercise, in the order of the class; each is read when asked for."""

    def __init__(self, intake: Intake, exercise: str) -> None:
        students = {student.key: student for student in intake.students}
        self._items = {students[item.student_key]: item for item in intake.submitted if item.exercise == exercise}

    def __getitem__(self, student: Student) -> str:
        """Return a program; nothing when it has gone, which is told of where it was to be graded."""
        item = self._items[student]
        try:
            return item.files()[item.main].decode("utf-8", "replace")
        except IntakeError:
            return ""

    def __iter__(self) -> Iterator[Student]:
        """Return who handed something in."""
        return iter(self._items)

    def __len__(self) -> int:
        """Return how many did."""
        return len(self._items)


def similar(intake: Intake, exercises: Sequence[Exercise]) -> tuple[Similar, ...]:
    """Return the groups of near-identical submissions of each exercise."""
    stubs = {e.name: e.stub.read_text("utf-8", "replace") if e.stub.is_file() else "" for e in exercises}
    return tuple(
        group for name, stub in stubs.items() for group in similarity.similar(name, Sources(intake, name), stub)
    )


def classbook(
    store: Store,
    intake: Intake,
    points: Mapping[str, float],
    *,
    title: str,
    isolation: str,
    similar: tuple[Similar, ...],
) -> Classbook:
    """Return the class book of a batch; *points*: its exercises in order, with what each is worth."""
    facts = store.facts
    return Classbook(
        title=title,
        date=facts["date"],
        clock=facts["clock"],
        seed=int(facts["seed"]),
        isolation=isolation,
        students=intake.students,
        assignments=tuple(Assignment(name, name[3:].replace("_", " "), worth) for name, worth in points.items()),
        graded=_graded(store, intake, list(points)),
        similar=similar,
        problems=tuple(map(str, intake.problems)),
    )


def _graded(store: Store, intake: Intake, exercises: Sequence[str]) -> StoredResults:
    sources = {(item.student_key, item.exercise): item.source for item in intake.submitted}
    # A problem without an exercise, such as an archive that cannot be read, stands for each of the student's.
    unreadable = {
        (problem.student_key, name): problem.text
        for problem in intake.problems
        if problem.student_key is not None and not problem.absent
        for name in ([problem.exercise] if problem.exercise else exercises)
    }
    return StoredResults(store, intake.students, exercises, sources, unreadable)
