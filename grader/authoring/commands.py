"""The author's commands: ``onedelay verify``, ``new`` and ``refresh``. They print; the work is done beside."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from grader.authoring import readmes, scaffold, truths
from grader.exercise import Exercise, exercises_in
from grader.paths import UnknownExerciseError, expand


def run(options: argparse.Namespace, folder: Path) -> int:
    """Run the command that *options* name on the exercises in *folder*; return its exit code."""
    try:
        if options.command == "new":
            return _new(options.name, folder)
        chosen = [Exercise(Path(expand(str(folder / name)))) for name in options.exercises] or exercises_in(folder)
    except (UnknownExerciseError, scaffold.BadNameError) as error:
        print(f"onedelay: {error}", file=sys.stderr)
        return 2
    if options.command == "verify":
        return _verify(chosen, options.jobs)
    return _refresh(chosen, folder, check=options.check)


def _verify(exercises: Sequence[Exercise], jobs: int | None) -> int:
    begin = time.monotonic()
    print(f"{'exercise':<24} {'accepted':>8} {'rejected':>8} {'line':>5}")
    every = []
    for found in truths.verify(exercises, jobs, _progress):
        every.append(found)
        verdict = f"skipped: {found.skipped}" if found.skipped else f"{len(found.wrong)} WRONG" if found.wrong else "ok"
        counts = f"{found.accepted:>8} {found.rejected:>8} {found.pointed:>5}"
        print(f"{found.exercise.name:<24} {counts}  {verdict:<20}", flush=True)
        for item in found.wrong:
            place = item.file.relative_to(item.exercise.folder.parent.parent)
            print(f"    {place}: expected {item.expected}; seen {item.seen}")
    for found in every:
        for name, why in found.unpointed.items():
            print(f"no line: {found.exercise.name}/rejected/{name}: {why}")
    sums = [sum(getattr(found, name) for found in every) for name in ("accepted", "rejected", "pointed")]
    wrong = sum(len(found.wrong) for found in every)
    print(f"{'all':<24} {sums[0]:>8} {sums[1]:>8} {sums[2]:>5}  {wrong} wrong, {time.monotonic() - begin:.0f} s")
    return 1 if wrong else 0


def _progress(done: int, total: int) -> None:
    # On a terminal one line that is written over; in a log the exercises' own lines show how far it is.
    if sys.stdout.isatty():
        print(f"{done} of {total} files", end="\r", flush=True)


def _new(name: str, folder: Path) -> int:
    for path in scaffold.create(folder, name):
        print(path.relative_to(folder.parent))
    print(f"Its three truths run already: onedelay verify {name[:2]}")
    return 0


def _refresh(exercises: Sequence[Exercise], folder: Path, *, check: bool) -> int:
    texts = {folder / "README.md": (readmes.index(exercises_in(folder)), True)}
    for exercise in exercises:
        if readmes.wants_picture(exercise):
            try:
                texts[exercise.folder / "README.md"] = readmes.with_picture(exercise)
            except LookupError as reason:
                print(f"left alone: {reason}")
    stale = 0
    for path, (text, steady) in texts.items():
        old = path.read_text("utf-8") if path.is_file() else ""
        fresh = old == text if steady else readmes.has_picture(old)
        stale += not fresh
        if not fresh or (not steady and not check):
            print(f"{'out of date' if check else 'written'}: {path.relative_to(folder.parent)}")
            if not check:
                path.write_text(text, "utf-8")
    return 1 if check and stale else 0
