"""Finds in files what learners are not to read: right answers and hidden checks. It knows texts, and no release.

Hints may quote a few lines, and short programs have common lines by chance; a file that has most of what an answer does
not share with the stubs has that answer.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from grader.exercise import HIDDEN, Exercise
from grader.shipped import files_in, solution_files

# Whatever is in them. (The template for a new exercise, in the package itself, is nobody's answer.)
_AUTHORS: Final = re.compile(
    rf"^(solutions|tests|examples)/|^exercises/.*/(accepted|rejected)/|(^|/){re.escape(HIDDEN)}$"
)
_FOR_AUTHORS: Final = "what only authors see"
_SHARE: Final = 0.5


@dataclass(frozen=True)
class Leak:
    """A *file* that holds most of a *secret*, which is the path of an answer; or lies where only authors' files do."""

    file: str
    secret: str


def secrets_of(exercises: Iterable[Exercise]) -> dict[str, bytes]:
    """Return the right answers and hidden checks of *exercises*, as far as they are here: their path -> content."""
    secrets = {}
    for exercise in exercises:
        beside = exercise.solutions
        files = files_in(beside) if beside.is_dir() else solution_files(exercise.name) or {}
        right = {path: text for path, text in files.items() if not path.startswith("rejected/")}
        secrets.update({f"{exercise.name}/{path}": text for path, text in right.items()})
    return secrets


def leaks(files: Mapping[str, bytes], secrets: Mapping[str, bytes], public: Iterable[bytes]) -> list[Leak]:
    """Return what of *secrets* is in *files*, path -> content each; what a secret shares with *public* is none."""
    known = {line for text in public for line in _lines(text)}
    own = {name: _lines(text) - known for name, text in secrets.items()}
    holders = defaultdict(set)
    for name, lines in own.items():
        for line in lines:
            holders[line].add(name)
    found = [Leak(path, _FOR_AUTHORS) for path in files if _AUTHORS.search(path)]
    for path, text in files.items():
        counts = Counter(name for line in _lines(text) for name in holders.get(line, ()))
        shares = sorted((-count / len(own[name]), name) for name, count in counts.items())  # the most alike first
        found += [Leak(path, name) for share, name in shares if -share > _SHARE]
    return found


def _lines(text: bytes) -> set[str]:
    lines = (" ".join(line.split()) for line in text.decode("utf-8", "replace").splitlines())
    return {line for line in lines if line and not line.startswith("#")}
