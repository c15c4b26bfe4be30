"""The commands on one exercise: ``check``, ``hint``, ``reset`` and ``solution``. pytest's command judges."""

from __future__ import annotations

import argparse
import subprocess
import sys
from typing import Final

from grader.complaint import Complaint
from grader.exercise import Exercise
from grader.learning import solutions
from grader.learning.course import upcoming
from grader.learning.hints import hints
from grader.learning.progress import HINT, RESET, REVEALED, NotSavedError, Progress
from grader.learning.showing import comparison
from grader.learning.workspace import Workspace, put_back, workspace_at, workspace_here
from grader.paths import exercise_called, exercises_here
from grader.reports.console import console

_NOT_RIGHT, _IMPOSSIBLE, _STOPPED = 1, 2, 130
_PYTEST: Final = {0: 0, 1: _NOT_RIGHT, 2: _STOPPED}  # pytest's exit codes -> ours; others: not possible as asked
_NAME: Final = "its number or name, such as 03"


def check(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay check``."""
    parser.add_argument("exercise", nargs="?", help=f"{_NAME} (default: the current one)")
    parser.add_argument("--all", action="store_true", help="all exercises, one after the other")
    parser.add_argument("options", nargs=argparse.REMAINDER, help="options for pytest, after the exercise")
    parser.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    exercise = None if options.all else _exercise(options.exercise)
    what = exercises_here() if exercise is None else exercise.folder
    # -P: as with the command pytest itself, a file here called random.py does not stand for Python's own.
    command = [sys.executable, "-P", "-m", "pytest", str(what), *options.options]
    code = subprocess.run(command, check=False).returncode
    if code == 0 and exercise is not None and _workspace_of(exercise) is not None:
        print(f"Next: onedelay solution {exercise.number} to compare, onedelay next to go on")
    return _PYTEST.get(code, _IMPOSSIBLE)


def hint(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay hint``."""
    parser.add_argument("exercise", nargs="?", help=f"{_NAME} (default: the current one)")
    parser.add_argument("count", nargs="?", type=int, help="show so many, from the first (default: the next one)")
    parser.set_defaults(run=_hint)


def _hint(options: argparse.Namespace) -> int:
    exercise = _exercise(options.exercise)
    texts = hints(exercise)
    if not texts:
        raise Complaint(f"{exercise.name} has no hints")
    workspace = _workspace_of(exercise)
    seen = 0 if workspace is None else workspace.progress.read().standing(exercise.name).hints
    last = min(max(options.count or seen + 1, 1), len(texts))
    first = 1 if options.count or seen >= len(texts) else last
    for number in range(first, last + 1):
        console().tell(f"Hint {number} of {len(texts)}: {texts[number - 1]}")
        print()
    noted = workspace is not None and _note(workspace.progress, exercise, HINT, last)
    if last < len(texts):
        again = "" if noted and not options.count else f" {last + 1}"
        console().tell(f"One more: onedelay hint {exercise.number}{again}")
    elif workspace is not None:
        console().tell(f"That was the last hint. onedelay solution {exercise.number} --reveal shows a solution.")
    return 0


def reset(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay reset``."""
    parser.add_argument("exercise", help=_NAME)
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=_reset)


def _reset(options: argparse.Namespace) -> int:
    workspace = workspace_here()
    exercise = exercise_called(options.exercise, workspace.root / "exercises")
    name = exercise.stub.relative_to(workspace.root).as_posix()
    if not options.yes and not _agreed(f"Put {name} back as it was given? Yours is kept in .onedelay/backups/. [y/N] "):
        print(f"{name} stays as it is.")
        return _NOT_RIGHT
    kept = put_back(workspace, exercise)
    _note(workspace.progress, exercise, RESET)
    print(f"{name} is as it was given." + ("" if kept is None else f" Yours: {kept}"))
    return 0


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise Complaint("nobody to ask here: add --yes")
    try:
        return input(question).strip().lower() in {"y", "yes"}
    except EOFError:
        print()
        return False


def solution(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay solution``."""
    parser.add_argument("exercise", help=_NAME)
    parser.add_argument("--other", metavar="NAME", help="compare with another way that is accepted")
    parser.add_argument("--reveal", action="store_true", help="show it although yours does not pass yet; this is noted")
    parser.set_defaults(run=_solution)


def _solution(options: argparse.Namespace) -> int:
    exercise = _exercise(options.exercise)
    number, workspace = exercise.number, _workspace_of(exercise)
    passed = workspace is not None and bool(workspace.progress.read().standing(exercise.name).passed)
    known = solutions.ways(exercise)
    wanted = options.other or exercise.slug
    if wanted not in known:
        raise Complaint(f"there is no way called {wanted!r}: choose from {', '.join(list(known)[1:])}")
    if not passed and not options.reveal:
        console().tell(f"{number} {exercise.slug} has not passed yet: onedelay check {number}, onedelay hint {number}")
        console().tell("To see a solution all the same (your progress will say so):")
        print(f"onedelay solution {number} --reveal")
        return _NOT_RIGHT
    if workspace is not None and not passed:
        _note(workspace.progress, exercise, REVEALED)
    _compare(exercise, wanted, known[wanted])
    others = list(known)[1:]
    if others and not options.other:
        console().tell(f"\n{len(others)} other ways are accepted, such as {', '.join(others[:5])}:")
        console().tell(f"onedelay solution {number} --other {others[0]}")
    return 0


def _compare(exercise: Exercise, name: str, ours: str) -> None:
    theirs = exercise.stub.read_text("utf-8", "replace") if exercise.stub.is_file() else ""
    out = console()
    if theirs == ours:
        print("Yours is ours, line by line.")
        return
    heads = f"yours: {exercise.stub.name}", "ours" if name == exercise.slug else f"{name}, accepted too"
    out.write(comparison(solutions.beside(theirs, ours), out.width, heads))


# -- what they share -------------------------------------------------------------------------------------------


def _exercise(name: str | None) -> Exercise:
    if name is not None:
        return exercise_called(name, exercises_here())
    workspace = workspace_here()
    found = upcoming(workspace.exercises, workspace.progress.read())
    if found is None:
        raise Complaint("all exercises are done: name the one you mean, such as 03")
    return found


def _workspace_of(exercise: Exercise) -> Workspace | None:
    return workspace_at(exercise.folder.parent.parent)


def _note(log: Progress, exercise: Exercise, what: str, number: int = 0) -> bool:
    """Note an event; return whether it could be noted, and say why not."""
    try:
        log.note(exercise.name, what, number)
    except NotSavedError as error:
        print(error, file=sys.stderr)
        return False
    for line in log.told:
        print(line, file=sys.stderr)
    return True
