"""Finds what was handed in, and under which name, in a folder or archive of submissions. It knows no roster."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from grader.exercise import Exercise
from grader.intake import limits
from grader.intake.catalogue import Catalogue
from grader.intake.exports import METADATA, Named, gradescope, named, original
from grader.intake.model import Piece, Problem, UnreadableError
from grader.intake.names import Refused, fault_of, folded, printable, summed
from grader.intake.rooms import (
    Room,
    archive_end,
    is_foreign_archive,
    open_archive,
    opener_of,
    read_large,
)

# What files are called that are numbered for lack of names: student_01.py is no exercise 01.
_NOBODY: Final = {"student", "user", "participant", "submission", "handin", "person", "group", "team", "s", "anon"}
_WRAPPERS: Final = re.compile(r"submitted|submissions?|(?P<title>.+)-submissions|.+_export", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Handin:
    """Files that belong together: a folder, an archive, or files that a platform gave one person's name.

    people: who handed it in, several for a group, each with the names they may go by. exercise: what it can only be
    for. dead: why nothing of it could be read.
    """

    source: str
    people: list[Named]
    pieces: dict[str, Piece] = field(default_factory=dict)
    exercise: Exercise | None = None
    platform: str = ""
    order: str = ""
    attempt: str = ""
    refused: list[Refused] = field(default_factory=list)
    dead: str = ""


class Collector:
    """Gathers the hand-ins of a class, and the problems of what belongs to nobody."""

    def __init__(self, catalogue: Catalogue) -> None:
        """*catalogue*: the exercises that may be meant."""
        self._catalogue = catalogue
        self.handins: list[Handin] = []
        self.problems: list[Problem] = []

    def collect(self, room: Room) -> None:
        """Gather what is in SUBMISSIONS, or in the one folder in it that holds the class."""
        prefix = ""
        while (inner := self._wrapped(room)) is not None:
            room = inner
            found = _WRAPPERS.fullmatch(room.name)
            prefix = f"{found['title']}-" if found and found["title"] else ""
        self._gather(room, None, prefix)

    def _wrapped(self, room: Room) -> Room | None:
        rooms, pieces = room.rooms(), room.pieces()
        submitted = [inner for inner in rooms if inner.name.lower() == "submitted"]
        if submitted:  # nbgrader's course folder, beside source/, release/ and autograded/
            return submitted[0]
        if len(rooms) != 1 or any(_is_work(name) for name in pieces) or METADATA in pieces:
            return None
        inner = rooms[0]
        try:
            within, files = inner.rooms(), inner.pieces()
        except UnreadableError:
            return None
        if _WRAPPERS.fullmatch(inner.name):
            return inner
        if named(inner.name) or self._catalogue.called(inner.name):
            return None
        student = any(name.lower().endswith(".py") and named(name) is None for name in files)
        whole = any(self._catalogue.called(deep.name) or deep.name == "exercises" for deep in within)
        return inner if within and not student and not whole else None

    def _gather(self, room: Room, exercise: Exercise | None, prefix: str = "") -> None:
        pieces, rooms = room.pieces(), room.rooms()
        owners = self._owners(pieces.pop(METADATA, None))
        refused = room.refused()
        if refused:
            self.problems.append(Problem(printable(room.source).rstrip("/!") or "SUBMISSIONS", summed(refused)))
        works = {name: piece for name, piece in pieces.items() if _is_work(name) or named(name) is not None}
        stems = [_stem(name) for name in works] + [inner.name for inner in rooms]
        numbers = self._numbered(stem for stem in stems if named(stem) is None)
        for inner in rooms:
            group = self._group(inner) if exercise is None and inner.name not in owners else None
            if group is None:
                people = owners.get(inner.name) or [self._person(inner.name.removeprefix(prefix), numbers)]
                self._add_folder(inner, people, exercise)
            elif group in self._catalogue.asked:
                self._gather_group(inner, group)
        self._add_files(works, exercise, numbers)

    def _group(self, room: Room) -> Exercise | None:
        # The exercise that a folder of students is for. A bare number may be a student's: does it hold their work?
        exercise = self._catalogue.called(room.name)
        if exercise is None or not room.name.isdigit():
            return exercise
        try:
            inner, files = [below.name for below in room.rooms()], list(room.pieces())
        except UnreadableError:
            return None
        own = any(self._catalogue.called(name) or name == "exercises" for name in inner)
        own = own or any(self._catalogue.called(_stem(name)) for name in files if name.lower().endswith(".py"))
        if own or not (inner or any(_is_work(name) for name in files)):
            return None
        if exercise not in self._catalogue.asked:
            text = f"is taken for exercise {exercise.name}, which was not asked for"
            self.problems.append(Problem(room.source.rstrip("/"), text))
        return exercise

    def _gather_group(self, room: Room, exercise: Exercise) -> None:
        try:
            self._gather(room, exercise)
        except UnreadableError as error:
            self.problems.append(Problem(room.source, str(error), exercise=exercise.name))

    def _owners(self, listed: Piece | None) -> Mapping[str, list[Named]]:
        if listed is None:
            return {}
        try:
            return gradescope(read_large(listed, limits.METADATA))
        except UnreadableError as error:
            self.problems.append(Problem(listed.source, str(error)))
            return {}

    def _numbered(self, stems: Iterable[str]) -> set[str]:
        # The names after which a number means an exercise: not student_01, nor ada_77 where there is no exercise 77.
        found: defaultdict[str, bool] = defaultdict(lambda: True)
        for stem in stems:
            if match := re.fullmatch(r"(.*?)[-_. ]?(\d{1,2})", stem):
                known = self._catalogue.split(f"x_{match[2]}")[1] is not None
                found[match[1].casefold()] &= known and match[1].casefold() not in _NOBODY
        return {base for base, exercises in found.items() if not exercises}

    def _person(self, stem: str, numbers: set[str]) -> Named:
        if (known := named(stem)) is not None:
            return known
        stem = re.sub(r" ?\(\d{1,2}\)$", "", stem)  # a browser's second download of one name
        base = re.sub(r"[-_. ]?\d{1,2}$", "", stem).casefold()
        who, _ = self._catalogue.split(stem, numbers=base not in numbers)
        return Named("", who or stem, title=stem)

    def _add_folder(self, room: Room, people: list[Named], exercise: Exercise | None) -> None:
        handin = Handin(room.source.rstrip("/"), people, exercise=exercise)
        handin.platform, handin.order, handin.attempt = people[0].platform, people[0].order, people[0].attempt
        self.handins.append(handin)
        try:
            handin.pieces, handin.refused = room.tree()
        except UnreadableError as error:
            handin.dead = str(error)
            return
        archives = [path for path in handin.pieces if _is_archive(path)]
        for path in archives:  # a folder that a platform made around the one archive that was handed in
            self._add_archive(path, handin.pieces.pop(path), people, exercise)

    def _add_archive(self, name: str, piece: Piece, people: list[Named], exercise: Exercise | None) -> None:
        handin = Handin(piece.source, people, exercise=exercise)
        handin.platform, handin.order, handin.attempt = people[0].platform, people[0].order, people[0].attempt
        self.handins.append(handin)
        if is_foreign_archive(name):
            handin.dead = "is an archive of a kind that is not read here; hand in a .zip or .tar.gz"
            return
        try:
            inside = open_archive(PurePosixPath(name).name, piece.source, opener_of(piece))
        except UnreadableError as error:
            handin.dead = str(error)
            return
        handin.pieces, handin.refused = inside.tree()
        for path in [path for path in handin.pieces if _is_archive(path)]:
            del handin.pieces[path]
            handin.refused.append((path, "is an archive in an archive, which is not read"))

    def _add_files(self, pieces: Mapping[str, Piece], exercise: Exercise | None, numbers: set[str]) -> None:
        together: dict[tuple[str, ...], list[tuple[Named, Piece]]] = {}
        for name, piece in pieces.items():
            person = named(name)
            if _is_archive(name):
                # The person is in the name before its ending; what was handed in, after the platform's part.
                known = self._person(_stem(name), numbers) if person is None else person
                self._add_archive(name, piece, [known], exercise)
            elif person is None:
                known = self._person(_stem(name), numbers)
                self.handins.append(Handin(piece.source, [known], {name: piece}, exercise))
                self._nameless(known, piece)
            elif person.file:
                who = (person.platform, person.number or folded(person.student), person.attempt)
                together.setdefault(who, []).append((person, piece))
        for files in together.values():
            self.handins.append(_joined(files, exercise))

    def _nameless(self, known: Named, piece: Piece) -> None:
        if self._catalogue.called(known.student) is not None:
            text = "names no student; put it into a folder with the student's name"
            self.problems.append(Problem(piece.source, text, printable(known.student)))


def _joined(files: list[tuple[Named, Piece]], exercise: Exercise | None) -> Handin:
    # The files that a platform gave one person's name. Canvas: of two of one name the higher number came later.
    handin = Handin(files[0][1].source, [files[0][0]], exercise=exercise, platform=files[0][0].platform)
    for person, piece in sorted(files, key=lambda item: item[0].order):
        name = original(person.file) if person.platform == "Canvas" else person.file
        if fault := fault_of(name):
            handin.refused.append((name, fault))
            continue
        if name in handin.pieces:
            handin.refused.append((handin.pieces[name].source, f"is an earlier upload of {printable(name)}"))
        handin.pieces[name] = piece
        handin.order, handin.attempt = person.order, person.attempt
    return handin


def _stem(name: str) -> str:
    end = archive_end(name) or PurePosixPath(name).suffix
    return name[: len(name) - len(end)] if end else name


def _is_archive(name: str) -> bool:
    return archive_end(name) is not None or is_foreign_archive(name)


def _is_work(name: str) -> bool:
    # A notebook is not graded, but is somebody's.
    return name.lower().endswith((".py", ".ipynb")) or _is_archive(name)
