"""Finds in names which exercise they mean, and in a hand-in which file is to be graded. It knows no students."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final

from grader.exercise import Exercise, exercises_in

_GAP: Final = r"[-_. ]"
# What may stand before an exercise's number: hw3, exercise_03.
_KIND: Final = r"(?:exercises?|ex|homework|hw|assignment|task|lab|week)"
_NUMBER: Final = re.compile(rf"(?:^|{_GAP})(?:{_KIND}{_GAP}?)?(?P<number>\d{{1,2}})(?=$|{_GAP})", re.IGNORECASE)
# What systems put behind the name of a second file of that name: x-1.py, x (1).py, x_1.py.
_COPY: Final = re.compile(r"(?:-\d{1,2}| ?\(\d{1,2}\)|(?: - |[-_])(?:copy|final))+$", re.IGNORECASE)
_USUAL: Final = frozenset({"main", "solution", "submission", "answer", "answers", "exercise", "homework", "code"})
_NEVER: Final = re.compile(r"test_.*|.*_test|conftest|inside|__init__|__main__|setup|noxfile", re.IGNORECASE)
_HOME: Final = frozenset({"solutions"})  # the repository's own, in a clone of it


def plain(stem: str) -> str:
    """Return *stem* with words joined by underscores, in lower case."""
    return re.sub(rf"{_GAP}+", "_", stem.strip()).casefold()


@dataclass(frozen=True)
class Catalogue:
    """The exercises asked for, among all that are known beside them."""

    asked: tuple[Exercise, ...]

    @cached_property
    def known(self) -> tuple[Exercise, ...]:
        """All exercises, those asked for and their neighbours, by name."""
        folders = {exercise.folder.parent for exercise in self.asked}
        every = {e.name: e for folder in folders for e in exercises_in(folder)} | {e.name: e for e in self.asked}
        return tuple(every[name] for name in sorted(every))

    @cached_property
    def _called(self) -> dict[str, Exercise]:
        return {called: e for e in reversed(self.known) for called in (e.name, e.slug, e.number)}

    @cached_property
    def _slugs(self) -> list[tuple[re.Pattern[str], Exercise]]:
        # The longer slugs first, which may contain others.
        patterns = []
        for exercise in sorted(self.known, key=lambda e: -len(e.slug)):
            words = exercise.slug.replace("_", _GAP)
            number = rf"(?:{_KIND}{_GAP}?)?(?:0*{int(exercise.number)}{_GAP})?"
            patterns.append((re.compile(rf"(?:^|{_GAP}){number}{words}(?=$|{_GAP})", re.IGNORECASE), exercise))
        return patterns

    @property
    def only(self) -> Exercise | None:
        """The exercise, when just one was asked for."""
        return self.asked[0] if len(self.asked) == 1 else None

    def called(self, name: str) -> Exercise | None:
        """Return the exercise whose number, slug or folder's name is all of *name*."""
        bare = re.sub(rf"^{_KIND}{_GAP}?(?=\d)", "", name, flags=re.IGNORECASE)
        wanted = plain(bare)
        wanted = wanted.zfill(2) if wanted.isdigit() else wanted
        return self._called.get(wanted)

    def split(self, stem: str, *, numbers: bool = True) -> tuple[str, Exercise | None]:
        """Take the exercise out of *stem*: what remains, a student's name, and the exercise.

        *numbers*: whether a number alone means an exercise.
        """
        for pattern, exercise in self._slugs:
            if found := pattern.search(stem):
                return _joined(stem, found), exercise
        for found in _NUMBER.finditer(stem) if numbers else ():
            numbered = self._called.get(found["number"].zfill(2))
            if numbered is not None and _joined(stem, found):
                return _joined(stem, found), numbered
        return stem, None

    def means(self, path: str) -> Exercise | None:
        """Return the exercise that a file's name or its folders name, the nearest first."""
        parts = PurePosixPath(path)
        stem = _COPY.sub("", parts.stem)
        direct = self.called(stem) or self.split(parts.stem)[1]
        return direct or next((found for p in parts.parents if (found := self.called(p.name))), None)

    def find(self, paths: Collection[str], exercise: Exercise, *, alone: bool) -> list[tuple[int, str]]:
        """Return the files that may be the submission of *exercise*, (rank, path), the best first.

        0: named like the stub, in the exercise's folder. 1: so named elsewhere. 2: the name says which. 3: the folder
        says which, and it is the only one there or has a usual name. 4: the same of all there is, when it is *alone*,
        that is when only this exercise can be meant.
        """
        python = [path for path in paths if path.lower().endswith(".py") and not _at_home(path)]
        found = [(self._rank(path, exercise), path) for path in python]
        best = [(rank, path) for rank, path in found if rank is not None]
        if not best:
            free = [path for path in python if not _NEVER.fullmatch(PurePosixPath(path).stem)]
            inside = [path for path in free if self._folder_of(path) == exercise]
            best = [(3, path) for path in _single(inside)]
            if not best and alone:
                loose = [path for path in free if self.means(path) in {None, exercise}]
                best = [(4, path) for path in _single(loose)]
        return sorted(best, key=lambda item: (item[0], item[1].count("/"), item[1]))

    def _rank(self, path: str, exercise: Exercise) -> int | None:
        stem = PurePosixPath(path).stem
        if exercise.slug in {plain(stem), plain(_COPY.sub("", stem))}:
            folder = self._folder_of(path)
            return 0 if folder == exercise else 1 if folder is None else None
        if _NEVER.fullmatch(stem):
            return None
        return 2 if self.called(stem) == exercise or self.split(stem)[1] == exercise else None

    def _folder_of(self, path: str) -> Exercise | None:
        return next((found for p in PurePosixPath(path).parents if (found := self.called(p.name))), None)


def _joined(stem: str, found: re.Match[str]) -> str:
    before, after = stem[: found.start()].strip("-_. "), stem[found.end() :].strip("-_. ")
    return f"{before}_{after}" if before and after else before or after


def _at_home(path: str) -> bool:
    return any(part.lower() in _HOME for part in path.split("/")[:-1])


def _single(paths: Sequence[str]) -> Iterable[str]:
    usual = [path for path in paths if PurePosixPath(path).stem.lower() in _USUAL]
    if len(paths) == 1 or len(usual) != 1:
        return paths
    return usual
