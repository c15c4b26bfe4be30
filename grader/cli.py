"""The command line door: commands for learners, such as ``onedelay check 03``, and for authors of exercises."""

from __future__ import annotations

import argparse
import importlib
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.exercise import Exercise, exercises_in
from grader.paths import UnknownExerciseError, expand


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 1 not right yet, 2 wrong usage."""
    given = sys.argv[1:] if argv is None else list(argv)
    parser = argparse.ArgumentParser(prog="onedelay", description="Graded exercises for asyncio and concurrency.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_learning(commands)
    _add_authoring(commands)
    _add_teaching(commands, given[:1])
    options = parser.parse_args(given)
    folder = _exercises_folder()
    if folder is None:
        return _complain("no exercises here: go to the folder that holds exercises/")
    try:
        code: int = options.run(options, folder)
    except UnknownExerciseError as error:
        return _complain(str(error))
    return code


Commands = argparse._SubParsersAction  # of parsers, in whose options `run` is what does the command


def _add_learning(commands: Commands[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="grade an exercise, as `pytest exercises/NN` does")
    check.add_argument("exercise", help="its number or name, such as 03")
    check.add_argument("options", nargs=argparse.REMAINDER, help="options for pytest")
    check.set_defaults(run=_check)
    hint = commands.add_parser("hint", help="show an exercise's hints, the gentlest first")
    hint.add_argument("exercise", help="its number or name, such as 03")
    hint.add_argument("count", nargs="?", type=int, default=1, help="how many hints to show (default: 1)")
    hint.set_defaults(run=_hint)
    commands.add_parser("list", help="list the exercises").set_defaults(run=_list)


def _add_authoring(commands: Commands[argparse.ArgumentParser]) -> None:
    verify = commands.add_parser("verify", help="for authors: check the three truths of exercises")
    verify.add_argument("exercises", nargs="*", help="their numbers or names (default: all)")
    verify.add_argument("--jobs", type=int, metavar="N", help="processes at once (default: three for each core)")
    new = commands.add_parser("new", help="for authors: start a new exercise, such as 42_feed_cats")
    new.add_argument("name", help="two digits, an underscore and a name")
    refresh = commands.add_parser("refresh", help="for authors: rewrite the index and the pictures of exercises")
    refresh.add_argument("exercises", nargs="*", help="whose pictures (default: all)")
    refresh.add_argument("--check", action="store_true", help="change nothing; say what is out of date")
    for parser in (verify, new, refresh):
        parser.set_defaults(run=_author)


def _add_teaching(commands: Commands[argparse.ArgumentParser], chosen: Sequence[str]) -> None:
    # Their options need much to be imported that no learner needs.
    rooms = {
        "grade": ("for instructors: grade a class", "grader.batch.commands"),
        "nbgrader": ("for instructors: the exercises as a course of nbgrader's", "grader.notebook.commands"),
        "package": ("for instructors: make an autograder for another platform", "grader.packaging.commands"),
    }
    for name, (purpose, module) in rooms.items():
        parser = commands.add_parser(name, help=purpose)
        if name in chosen:
            try:
                room: Any = importlib.import_module(module)
            except ModuleNotFoundError as missing:
                parser.exit(2, f"onedelay: `{name}` needs {missing.name}: pip install 'onedelay[grade]'\n")
            room.add_options(parser)
            parser.set_defaults(run=room.run)


def _list(_: argparse.Namespace, folder: Path) -> int:
    for exercise in exercises_in(folder):
        print(f"{exercise.number}  {exercise.slug}")
    return 0


def _check(options: argparse.Namespace, folder: Path) -> int:
    chosen = expand(str(folder / options.exercise))
    return subprocess.run([sys.executable, "-m", "pytest", chosen, *options.options], check=False).returncode


def _author(options: argparse.Namespace, folder: Path) -> int:
    from grader.authoring import commands as authoring  # noqa: PLC0415 - not for learners

    return authoring.run(options, folder)


def hints_of(text: str) -> list[str]:
    """Return the numbered items below ``## Hints`` in an exercise's README."""
    section = re.search(r"^## Hints$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if section is None:
        return []
    plain = re.sub(r"</?(details|summary)>", "", section[1])
    items = re.split(r"^\s*\d+\.\s+", plain, flags=re.MULTILINE)[1:]
    return ["\n".join(line.rstrip() for line in item.strip().splitlines()) for item in items]


def _hint(options: argparse.Namespace, folder: Path) -> int:
    exercise, count = Exercise(Path(expand(str(folder / options.exercise)))), options.count
    readme = exercise.folder / "README.md"
    hints = hints_of(readme.read_text("utf-8")) if readme.is_file() else []
    if not hints:
        return _complain(f"{exercise.name} has no hints")
    for number, text in enumerate(hints[: max(1, count)], 1):
        print(f"Hint {number} of {len(hints)}: {text}\n")
    if count < len(hints):
        print(f"For one more: onedelay hint {exercise.number} {max(1, count) + 1}")
    return 0


def _exercises_folder() -> Path | None:
    for folder in (Path.cwd(), *Path.cwd().parents):
        if exercises_in(folder / "exercises"):
            return folder / "exercises"
    return None


def _complain(message: str) -> int:
    print(f"onedelay: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
