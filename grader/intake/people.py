"""Finds out who handed in what: names on hand-ins, matched to a roster where there is one. It reads no files."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from grader.classbook import Student
from grader.intake.exports import Named
from grader.intake.handins import Handin
from grader.intake.model import Problem
from grader.intake.names import folded, printable
from grader.intake.roster import Roster


@dataclass(slots=True)
class Person:
    """A student and everything they handed in."""

    student: Student
    handins: list[Handin] = field(default_factory=list)


class People:
    """Everybody of a class, by key."""

    def __init__(self, roster: Roster | None) -> None:
        """Start with the students of the *roster*."""
        self._roster = roster
        self._strangers: dict[str, Person] = {}
        self.by_key: dict[str, Person] = {}
        self.problems: list[Problem] = []
        for student in roster.students if roster is not None else ():
            self.by_key[student.key] = Person(student)

    def add(self, handins: Iterable[Handin]) -> None:
        """Give each hand-in to those who handed it in."""
        for handin in handins:
            for who in handin.people:
                person = self._person(who, handin)
                if handin not in person.handins:
                    person.handins.append(handin)

    def _person(self, who: Named, handin: Handin) -> Person:
        found = self._matching(who)
        if len(found) == 1:
            return self.by_key[found[0].key]
        identity = f"{who.platform}:{who.number}" if who.number else f":{folded(who.student)}"
        if identity in self._strangers:
            return self._strangers[identity]
        name = printable(who.student)
        student = Student(self._free_key(name, who.number), name if who.platform else "", printable(who.email))
        person = self._strangers[identity] = self.by_key[student.key] = Person(student)
        self._tell(student, found, handin)
        return person

    def _matching(self, who: Named) -> tuple[Student, ...]:
        if self._roster is None:
            return ()
        number = who.number if who.platform in {"Canvas", "Moodle"} else ""
        identifiers = [name for name in (who.email, "" if number else who.number) if name]
        if found := self._roster.matching(*identifiers, number=number):
            return found
        if who.title and who.platform == "" and (found := self._roster.matching(who.title)):
            return found  # the whole name, an exercise's number or not
        if found := self._roster.matching(who.student):
            return found
        # assignment-login, as GitHub names the clones; a login may hold hyphens itself
        parts = who.title.split("-") if who.platform == "" else []
        for at in range(1, len(parts)):
            if found := self._roster.matching("-".join(parts[at:])):
                return found
        return ()

    def _free_key(self, name: str, number: str) -> str:
        key = name
        if number and (key in self.by_key or key == "Participant"):  # Moodle's name for all who are marked unseen
            key = f"{name}_{number}"
        count = 2
        while key in self.by_key:
            key = f"{name} ({count})"
            count += 1
        return key

    def _tell(self, student: Student, found: tuple[Student, ...], handin: Handin) -> None:
        if self._roster is None:
            return
        source = printable(handin.source)
        if found:
            both = " or ".join(f"{other.shown} ({other.key})" for other in found[:3])
            text = f"{student.shown} may be {both} of the roster; graded as {student.key}"
        else:
            near = difflib.get_close_matches(student.shown, [other.shown for other in self._roster.students], 1)
            text = f"{student.shown} is not on the roster" + (f"; the nearest name there is {near[0]}" if near else "")
            text += f"; graded as {student.key}"
        self.problems.append(Problem(source, text, student.key))
