"""Puts the class book together from what was handed in and what the store holds. It grades nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import overload

from grader.batch.job import Key
from grader.batch.store import Store
from grader.classbook import Assignment, Graded, Student


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


def assignments(graded: Sequence[Graded], exercises: Sequence[str]) -> tuple[Assignment, ...]:
    """Return the columns; an exercise's points are known once one submission of it was graded."""
    points = dict.fromkeys(exercises, 0.0)
    for item in graded:
        if item.verdict is not None:
            points[item.exercise] = max(points[item.exercise], item.verdict.points)
    return tuple(Assignment(name, name[3:].replace("_", " "), points[name]) for name in exercises)
