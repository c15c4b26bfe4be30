"""Chooses the file to grade of what one student handed in, and what goes with it. It knows no names of platforms.

Of several attempts that a platform tells apart, the newest counts. Of several files otherwise, the one in the
exercise's folder, when only one is there; else none is graded: a mark must not rest on a guess. Copies, and the
untouched stub beside a solution, do not count as several.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from grader.exercise import Exercise
from grader.intake import limits
from grader.intake.catalogue import Catalogue
from grader.intake.handins import Handin
from grader.intake.model import Piece, Problem, Submitted, UnreadableError, digest_of, read_pieces
from grader.intake.names import printable, summed
from grader.intake.people import Person
from grader.intake.rooms import archive_end

_COMPARED: Final = 20  # more files of one name are no choice to be made here


@dataclass(frozen=True)
class _Candidate:
    rank: int
    handin: Handin
    path: str

    @property
    def piece(self) -> Piece:
        return self.handin.pieces[self.path]

    @property
    def shown(self) -> str:
        return printable(self.piece.source)


class Chooser:
    """Makes the submissions of one person after another, and notes what is wrong with them."""

    def __init__(self, catalogue: Catalogue) -> None:
        """*catalogue*: the exercises asked for."""
        self._catalogue = catalogue
        self.submitted: list[Submitted] = []
        self.problems: list[Problem] = []

    def choose(self, person: Person) -> None:
        """Add a person's submissions, and their problems."""
        key = person.student.key
        for handin in person.handins:
            self._tell(handin, key)
        missing = []
        for exercise in self._catalogue.asked:
            candidates = self._candidates(person, exercise)
            if not candidates:
                missing.append(exercise)
            elif (chosen := self._one(self._likely(candidates, key, exercise), key, exercise)) is not None:
                self._submit(chosen, key, exercise)
        if missing and not any(handin.dead for handin in person.handins):
            self.problems.append(_absence(person, missing, len(self._catalogue.asked)))

    def _tell(self, handin: Handin, key: str) -> None:
        only = self._catalogue.only or handin.exercise
        source = printable(handin.source)
        if handin.dead:
            self.problems.append(Problem(source, handin.dead, key, only.name if only else None))
        elif handin.refused:
            self.problems.append(Problem(source, summed(handin.refused), key))

    def _candidates(self, person: Person, exercise: Exercise) -> list[_Candidate]:
        found = []
        for handin in person.handins:
            if handin.exercise in {None, exercise}:
                alone = self._catalogue.only is not None or handin.exercise is not None
                ranked = self._catalogue.find(handin.pieces, exercise, alone=alone)
                found += [_Candidate(rank, handin, path) for rank, path in ranked]
        return found

    def _likely(self, found: list[_Candidate], key: str, exercise: Exercise) -> list[_Candidate]:
        # An attempt replaces the one before it, whatever its files are called; of one attempt's files the best named.
        if any(one.handin.attempt for one in found):
            found = self._newest(found, key, exercise)
        best = max(1, min(one.rank for one in found))
        return self._newest([one for one in found if one.rank <= best], key, exercise)

    def _newest(self, found: list[_Candidate], key: str, exercise: Exercise) -> list[_Candidate]:
        orders = {(one.handin.platform, one.handin.order) for one in found}
        if len(orders) < 2 or len({platform for platform, _ in orders}) > 1 or ("", "") in orders:
            return found
        if not all(order for _, order in orders):
            return found
        newest = max(order for _, order in orders)
        kept = [one for one in found if one.handin.order == newest]
        older = next(one for one in found if one.handin.order != newest)
        text = f"is the newest of {len(orders)} submissions, and the one that is graded; not {older.shown}"
        self.problems.append(Problem(kept[0].shown, text, key, exercise.name))
        return kept

    def _one(self, found: list[_Candidate], key: str, exercise: Exercise) -> _Candidate | None:
        rivals = self._different(found, exercise)
        best = [one for one in rivals if one.rank == min(one.rank for one in rivals)]
        if len(best) == 1:
            if len(rivals) > 1:
                other = next(one for one in rivals if one is not best[0])
                text = f"is graded, being in the exercise's folder; not {other.shown}, which differs"
                self.problems.append(Problem(best[0].shown, text, key, exercise.name))
            return best[0]
        names = " and ".join(one.shown for one in best[:2]) + (f" and {len(best) - 2} more" if best[2:] else "")
        text = f"{len(best)} submissions of {exercise.name}, {names}; none is graded: keep one of them"
        if best[0].rank > 2:
            text = f"{len(best)} files may be {exercise.name}, {names}; none is graded: call one {exercise.stub.name}"
        self.problems.append(Problem(best[0].shown, text, key, exercise.name))
        return None

    @staticmethod
    def _different(found: list[_Candidate], exercise: Exercise) -> list[_Candidate]:
        # Without copies, and without the untouched stub when there is something else.
        if not 1 < len(found) <= _COMPARED:
            return found
        different: dict[str, _Candidate] = {}
        for one in found:
            with suppress(UnreadableError):
                content = one.piece.read() if one.piece.size <= limits.FILE else one.piece.source.encode()
                different.setdefault(digest_of({"": content}), one)
        if len(different) > 1 and exercise.stub.is_file():
            different.pop(digest_of({"": exercise.stub.read_bytes()}), None)
        return list(different.values()) or found

    def _submit(self, chosen: _Candidate, key: str, exercise: Exercise) -> None:
        source = chosen.shown
        if chosen.piece.size > limits.FILE:
            text = f"is larger than {limits.FILE // limits.MIB} MiB, which is more than is graded"
            self.problems.append(Problem(source, text, key, exercise.name))
            return
        main, pieces, left = _company(chosen, exercise)
        try:
            pieces, contents, failed = _readable(main, pieces)
        except UnreadableError as error:
            self.problems.append(Problem(source, str(error), key, exercise.name))
            return
        left += failed
        if left:
            text = f"is graded without {len(left)} of the files beside it, the first being {printable(left[0])}"
            self.problems.append(Problem(source, text, key, exercise.name))
        self.submitted.append(Submitted(key, exercise.name, source, main, digest_of(contents), pieces))


def _absence(person: Person, missing: list[Exercise], asked: int) -> Problem:
    numbers = ", ".join(exercise.number for exercise in missing)
    one = missing[0] if len(missing) == 1 else None
    name = one.name if one is not None else None
    if not person.handins:
        return Problem(person.student.shown, f"no submission of {numbers}", person.student.key, name, absent=True)
    source = printable(person.handins[0].source)
    text = f"no submission of {numbers}"
    if asked == len(missing):
        files = sorted(path for handin in person.handins for path in handin.pieces)
        wanted = one.stub.name if one is not None else "files named after the exercises"
        shown = ", ".join(printable(path, 60) for path in files[:3]) + (" …" if len(files) > 3 else "")
        text += f": expected {wanted}, found {shown or 'nothing that can be graded'}"
    return Problem(source, text, person.student.key, name, absent=True)


def _company(chosen: _Candidate, exercise: Exercise) -> tuple[str, dict[str, Piece], list[str]]:
    # The file to grade, and what lies below its folder: the nearest first, as far as the limits go.
    base = chosen.path.rpartition("/")[0]
    prefix = f"{base}/" if base else ""
    below = {path[len(prefix) :]: piece for path, piece in chosen.handin.pieces.items() if path.startswith(prefix)}
    main = chosen.path[len(prefix) :]
    pieces = {main: below.pop(main)}
    left, total = [], pieces[main].size
    for path in sorted(below, key=lambda path: (path.count("/"), path)):
        if archive_end(path):
            continue
        size = below[path].size
        if size > limits.FILE or len(pieces) >= limits.FILES or total + size > limits.SUBMISSION:
            left.append(path)
            continue
        pieces[path] = below[path]
        total += size
    if not PurePosixPath(main).stem.isidentifier() and exercise.stub.name not in pieces:
        pieces[exercise.stub.name] = pieces.pop(main)
        main = exercise.stub.name
    return main, pieces, left


def _readable(main: str, pieces: Mapping[str, Piece]) -> tuple[dict[str, Piece], dict[str, bytes], list[str]]:
    # What can be read, and what of it cannot; `UnreadableError` when that is the file to grade.
    try:
        return dict(pieces), read_pieces(pieces), []
    except UnreadableError:
        contents = {main: pieces[main].read()}
    failed = []
    for path, piece in pieces.items():
        try:
            contents.setdefault(path, piece.read())
        except UnreadableError:
            failed.append(path)
    return {path: pieces[path] for path in contents}, contents, failed
