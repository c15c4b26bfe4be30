"""The author's commands: ``onedelay verify``, ``new`` and ``refresh``. They print; the work is done beside."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from grader.authoring import diagnoses, mistakes, readmes, scaffold, scripts, truths
from grader.complaint import Complaint
from grader.exercise import Exercise, exercises_in
from grader.paths import exercise_called, exercises_here, expect_solutions

Texts = dict[Path, tuple[str, bool]]  # a file -> what is to stand in it, and whether each run gives the same


def verify(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay verify``."""
    parser.add_argument("exercises", nargs="*", help="their numbers or names (default: all)")
    parser.add_argument("--jobs", type=int, metavar="N", help="processes at once (default: three for each core)")
    parser.set_defaults(run=lambda options: _verify(_chosen(options.exercises, exercises_here()), options.jobs))


def new(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay new``."""
    parser.add_argument("name", help="two digits, an underscore and a name")
    parser.set_defaults(run=lambda options: _new(options.name, exercises_here()))


def refresh(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay refresh``."""
    parser.add_argument(
        "names", nargs="*", help="exercises, or codes of diagnoses, whose pictures to draw (default: all)"
    )
    parser.add_argument("--check", action="store_true", help="change nothing; say what is out of date")
    parser.set_defaults(run=_refresh_here)


def _refresh_here(options: argparse.Namespace) -> int:
    folder = exercises_here()
    docs = folder.parent / "docs"
    pages = {page.stem: page for page in diagnoses.pages_in(docs / "diagnoses")}
    names = [name for name in options.names if name not in pages]
    exercises = _chosen(names, folder) if names or not options.names else []
    chosen = [page for name, page in pages.items() if name in options.names or not options.names]
    texts = {folder / "README.md": (readmes.index(exercises_in(folder)), True), **_with_pictures(exercises)}
    for page in docs.glob("*.md") if not options.names else ():
        texts.update({file: (picture, True) for file, picture in scripts.pictures(page).items()})
    if pages:
        texts[docs / "own-diagnoses.md"] = (mistakes.page(exercises_in(folder), set(pages)), True)
        texts.update(_with_examples(chosen))
    return _refresh(texts, folder.parent, check=options.check)


def _chosen(names: Sequence[str], folder: Path) -> list[Exercise]:
    return [exercise_called(name, folder) for name in names] or exercises_in(folder)


def _verify(exercises: Sequence[Exercise], jobs: int | None) -> int:
    expect_solutions(exercises, "`verify`")
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
    try:
        written = scaffold.create(folder, name)
    except scaffold.BadNameError as error:
        raise Complaint(str(error)) from None
    for path in written:
        print(path.relative_to(folder.parent))
    print(f"Its three truths run already: onedelay verify {name[:2]}")
    return 0


def _with_pictures(exercises: Sequence[Exercise]) -> Texts:
    texts = {}
    for exercise in exercises:
        if readmes.wants_picture(exercise):
            try:
                texts[exercise.folder / "README.md"] = readmes.with_picture(exercise)
            except LookupError as reason:
                print(f"left alone: {reason}")
    return texts


def _with_examples(pages: Sequence[Path]) -> Texts:
    try:
        examples = [example for page in pages for example in diagnoses.examples_on(page)]
    except diagnoses.UnseenError as missing:
        raise Complaint(str(missing)) from None
    seen = {}
    for example, found in diagnoses.judge(examples):
        if isinstance(found, diagnoses.UnseenError):
            print(f"left alone: {found}")
        else:
            seen[example.name] = found
    return {path: (text, True) for page in pages for path, text in diagnoses.written(page, seen).items()}


def _refresh(texts: Texts, root: Path, *, check: bool) -> int:
    stale = 0
    for path, (text, steady) in texts.items():
        old = path.read_text("utf-8") if path.is_file() else ""
        fresh = old == text if steady else readmes.has_picture(old)
        stale += not fresh
        if not fresh or (not steady and not check):
            print(f"{'out of date' if check else 'written'}: {path.relative_to(root)}")
            if not check:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, "utf-8")
    return 1 if check and stale else 0
