"""Checks the three truths of exercises: the stub is not started, right files pass, rejected ones fail as named.

Each file is graded as a user grades it, by pytest in a process of its own; several files share one, and several
processes run at once.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from grader.exercise import Exercise

MARK: Final = "# <-- here"
NO_LINE: Final = re.compile(r"# no line: (?P<why>.+)")
_BATCH: Final = 24  # files of one run of pytest
# Only the plugins that grading needs: those that happen to be installed take longer to load than a file to grade.
_PLUGINS: Final = ("-p", "pytest_asyncio.plugin", "-p", "pytest_timeout", "-p", "grader.plugin")
_JOBS_PER_CORE: Final = 3
_PATIENCE: Final = 900.0  # seconds for one run: only a fault of ours takes that long

Report = dict[str, Any]


@dataclass(frozen=True)
class Graded:
    """One file and what the grader said; *expected* and *seen* in a few words, equal when all is well."""

    exercise: Exercise
    file: Path
    expected: str
    seen: str

    @property
    def right(self) -> bool:
        """Whether the file was graded as it should be."""
        return self.expected == self.seen


@dataclass
class Truths:
    """What was found for one exercise.

    pointed: how many rejected files mark the line of their diagnosis; unpointed: file -> why not; skipped: why the
    exercise cannot be graded on this machine.
    """

    exercise: Exercise
    accepted: int = 0
    rejected: int = 0
    pointed: int = 0
    unpointed: dict[str, str] = field(default_factory=dict)
    wrong: list[Graded] = field(default_factory=list)
    skipped: str = ""


def accepted(exercise: Exercise) -> list[Path]:
    """Return the reference and the other right files of an exercise."""
    return [exercise.solutions / exercise.stub.name, *sorted((exercise.solutions / "accepted").glob("*.py"))]


def rejected(exercise: Exercise) -> list[Path]:
    """Return the known wrong files of an exercise."""
    return sorted((exercise.solutions / "rejected").glob("*.py"))


def verify(
    exercises: Sequence[Exercise],
    jobs: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Iterator[Truths]:
    """Grade every file of *exercises*; yield the truths of each exercise when they are complete.

    jobs: how many processes at once, by default three for each core, since much of it is waiting. progress: told how
    many files are done, of how many.
    """
    batches = [
        (exercise, files[start : start + _BATCH])
        for exercise in exercises
        for files in [[exercise.stub, *accepted(exercise), *rejected(exercise)]]
        for start in range(0, len(files), _BATCH)
    ]
    total, done = sum(len(files) for _, files in batches), 0
    found = {exercise: _count(exercise) for exercise in exercises}
    open_batches = {exercise: sum(e == exercise for e, _ in batches) for exercise in exercises}
    with ThreadPoolExecutor(jobs or _JOBS_PER_CORE * (os.cpu_count() or 1)) as pool:
        futures: dict[Future[dict[Path, Report] | str], tuple[Exercise, list[Path]]] = {
            pool.submit(grade, exercise, files): (exercise, files) for exercise, files in batches
        }
        for future in as_completed(futures):
            exercise, files = futures[future]
            truths, reports = found[exercise], future.result()
            if isinstance(reports, str):
                truths.skipped = reports
            else:
                graded = (_compare(exercise, file, reports.get(file)) for file in files)
                truths.wrong += [item for item in graded if not item.right]
            done += len(files)
            if progress is not None:
                progress(done, total)
            open_batches[exercise] -= 1
            if not open_batches[exercise]:
                truths.wrong.sort(key=lambda item: item.file)
                yield truths


def grade(exercise: Exercise, files: Sequence[Path], *options: str) -> dict[Path, Report] | str:
    """Return the report of each file, from one run of pytest, or why the exercise is skipped on this machine."""
    with tempfile.TemporaryDirectory(prefix="onedelay-") as folder:
        report = Path(folder) / "report.json"
        given = [f"--submission={file}" for file in files]
        hidden = [] if exercise.hidden is None else [str(exercise.hidden)]
        command = [sys.executable, "-P", "-m", "pytest", str(exercise.folder), *hidden, *given]
        command += [f"--report=json={report}", *options]
        command += [*_PLUGINS, "-p", "no:cacheprovider", "-rs"]
        root, env = exercise.folder.parent.parent, {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        run = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, timeout=_PATIENCE, check=False)
        if not report.is_file():
            skipped = re.search(r"^SKIPPED \[\d+\] \S+: (.+)$", run.stdout, re.MULTILINE)
            if skipped:
                return skipped[1]
            raise RuntimeError(f"{exercise.name} could not be graded:\n{run.stdout[-3000:]}{run.stderr[-3000:]}")
        found = json.loads(report.read_text("utf-8"))["exercises"]
    return {Path(item["submission"]): item for item in found}


def _count(exercise: Exercise) -> Truths:
    truths = Truths(exercise, len(accepted(exercise)), len(rejected(exercise)))
    for file in rejected(exercise):
        text = file.read_text("utf-8")
        if MARK in text:
            truths.pointed += 1
        else:
            why = NO_LINE.search(text)
            truths.unpointed[file.name] = why["why"].strip() if why else "no reason is given"
    return truths


def _compare(exercise: Exercise, file: Path, report: Report | None) -> Graded:
    expected = _expected(exercise, file)
    if report is None:
        return Graded(exercise, file, expected, "not graded")
    diagnosis = report["diagnosis"]
    if report["outcome"] == "PASS" and 0 < report["points"] == report["earned"]:
        return Graded(exercise, file, expected, "passes")
    if diagnosis is None:
        return Graded(exercise, file, expected, f"{report['outcome']}: {_fault(report)}")
    if file == exercise.stub:
        started = "" if report["earned"] == 0 else f", and earns {report['earned']:g} points"
        return Graded(exercise, file, expected, f"{diagnosis['code']}{started}")
    line = diagnosis["line"]
    return Graded(exercise, file, expected, _words(diagnosis["code"], [] if line is None else [line]))


def _expected(exercise: Exercise, file: Path) -> str:
    if file == exercise.stub:
        return "not-started"
    if file.parent.name != "rejected":
        return "passes"
    lines = [number for number, text in enumerate(file.read_text("utf-8").splitlines(), 1) if MARK in text]
    return _words(file.name.partition(".")[0], lines)


def _words(code: str, lines: Sequence[int]) -> str:
    return f"{code} at line {' and '.join(map(str, lines))}" if lines else f"{code} at no line"


def _fault(report: Report) -> str:
    faults = [f"{check['check']}: {check['fault'] or check['outcome']}" for check in report["checks"]]
    return next((fault for fault in faults if not fault.endswith(": PASS")), "no check ran")
