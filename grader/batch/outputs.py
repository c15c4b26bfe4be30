"""Writes what an instructor gets of a class, file by file, and says where it is. It knows no judge.

A file that cannot be written costs that file only, and one line.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from grader.classbook import Classbook, Graded
from grader.diagnosis.model import count
from grader.reports import classfile, feedback, grades, page
from grader.reports.exporters import canvas, exercism, gradescope, junit, moodle
from grader.reports.exporters.gradebook import Export
from grader.verdict import ERROR, FAIL, PASS

EXPORTS: Final = ("canvas", "exercism", "gradescope", "junit", "moodle")
PAGE: Final = "index.html"
MOST_TOLD: Final = 5  # lines of what one export could not do


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options about files."""
    parser.add_argument(
        "--export",
        nargs="+",
        action="extend",
        default=[],
        choices=EXPORTS,
        metavar="FORMAT",
        help=f"also write the grades for {', '.join(EXPORTS[:-1])} or {EXPORTS[-1]}",
    )


@dataclass
class Writer:
    """Writes files below *out*, each whole or not at all. told: the lines for the instructor."""

    out: Path
    told: list[str]
    failed: int = 0

    def write(self, name: str, pieces: Iterable[str]) -> None:
        """Write one file; text is UTF-8, and its line ends stay as they are."""
        path = self.out / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with _replacing(path) as part, open(part, "w", encoding="utf-8", errors="replace", newline="") as file:  # noqa: PTH123 - a descriptor
                file.writelines(pieces)
        except OSError as error:
            self.failed += 1
            self.told.append(f"{path} could not be written: {error.strerror}")

    def export(self, folder: str, export: Export) -> None:
        """Write the files of an export, and pass on what it has to say."""
        for name, text in export.files.items():
            self.write(f"{folder}/{name}", [text])
        if len(export.problems) > MOST_TOLD:
            self.write(f"{folder}/problems.txt", (f"{problem}\n" for problem in export.problems))
        self.told += [f"{folder}: {problem}" for problem in export.problems[:MOST_TOLD]]
        left = len(export.problems) - MOST_TOLD
        if left > 0:
            self.told.append(f"{folder}: … {left} more in {self.out / folder / 'problems.txt'}")


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[int]:
    # A reader, or a crash, meets the old file or the new one.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        os.fchmod(descriptor, 0o644)
        yield descriptor
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write(out: Path, book: Classbook, exports: Sequence[str]) -> Writer:
    """Write the reports of *book* and the chosen exports."""
    writer = Writer(out, [])
    writer.write(PAGE, page.render(book))
    writer.write("grades.csv", grades.render(book))
    writer.write("class.json", classfile.render(book))
    names = file_names([student.key for student in book.students])
    for student, graded in groupby(book.graded, key=lambda item: item.student):
        items = {item.exercise: item for item in graded}
        writer.write(f"feedback/{names[student.key]}.md", [feedback.render(student, items, book.assignments)])
        for kind, render in _EACH.items():
            if kind in exports:
                _write_each(writer, kind, render, names[student.key], items.values())
    for kind, gradebook in _GRADEBOOKS.items():
        if kind in exports:
            writer.export(kind, gradebook(book))
    if "junit" in exports:
        writer.write("junit.xml", [junit.suites(book)])
    return writer


def _write_each(writer: Writer, kind: str, render: Callable[[Graded], str], name: str, items: Iterable[Graded]) -> None:
    for item in items:
        if item.verdict is not None:
            writer.write(f"{kind}/{name}/{item.exercise}/results.json", [render(item)])


_EACH: Final[dict[str, Callable[[Graded], str]]] = {
    "gradescope": lambda item: gradescope.results([item]),
    "exercism": exercism.results,
}
_GRADEBOOKS: Final[dict[str, Callable[[Classbook], Export]]] = {"canvas": canvas.grades, "moodle": moodle.grades}


def file_names(keys: Sequence[str]) -> dict[str, str]:
    """Return a file name for each key that every system takes, no two the same but for capitals."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for key in keys:
        stem = re.sub(r"[^\w.@+-]+", "_", key).strip("._")[:80] or "student"
        name, number = stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.casefold())
        names[key] = name
    return names


def summary(book: Classbook) -> Iterator[str]:
    """Yield the lines that end a run: for each exercise how many passed, and what went wrong most often."""
    outcomes: dict[str, Counter[str]] = {assignment.exercise: Counter() for assignment in book.assignments}
    titles: dict[str, Counter[str]] = {assignment.exercise: Counter() for assignment in book.assignments}
    for item in book.graded:
        outcomes[item.exercise][item.outcome] += 1
        if item.diagnosis is not None and item.outcome == FAIL:
            titles[item.exercise][item.diagnosis.title] += 1
    for name, found in outcomes.items():
        graded = sum(found[outcome] for outcome in (PASS, FAIL, ERROR))
        most = titles[name].most_common(1)
        often = f"; most often: {most[0][0]} ({most[0][1]})" if most else ""
        faults = f"; {count(found[ERROR], 'fault')} of the grader's" if found[ERROR] else ""
        yield f"{name:<26} {found[PASS]:>4} of {graded} pass{often}{faults}"
