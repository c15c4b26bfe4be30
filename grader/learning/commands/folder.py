"""The commands ``onedelay start`` and ``update``, which make a workspace and keep it new."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from grader.learning.workspace import Workspace, create, update_workspace, workspace_here

_FOLDER: Final = "one-delay"


def start(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay start``."""
    where = f"the new folder (default: {_FOLDER})"
    parser.add_argument("folder", nargs="?", type=Path, default=Path(_FOLDER), metavar="DIR", help=where)
    parser.add_argument(
        "--with-solutions", action="store_true", help="for instructors: solutions and hidden checks too"
    )
    parser.set_defaults(run=_start)


def _start(options: argparse.Namespace) -> int:
    folder: Path = options.folder
    changes = create(folder, solutions=options.with_solutions)
    made = Workspace(folder)
    print(f"{folder}: {len(made.exercises)} exercises")
    if changes.kept:
        print(f"Already there, and left as they are: {_listed(changes.kept)}")
    there = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    print(f"Next: {there}onedelay watch   (or pytest exercises/{made.exercises[0].number})")
    return 0


def update(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay update``."""
    parser.set_defaults(run=_update)


def _update(_: argparse.Namespace) -> int:
    changes = update_workspace(workspace_here())
    for what, paths in (("new", changes.written), ("newer", changes.replaced)):
        for path in paths:
            print(f"{what}: {path}")
    for path, where in changes.saved.items():
        print(f"newer: {path} (as you had changed it: {where})")
    for path in changes.kept:
        print(f"left as it is: {path}, which you have changed and of which there is a newer one")
    if not any(vars(changes).values()):
        print("Nothing is newer than what you have.")
    return 0


def _listed(paths: Sequence[str], most: int = 3) -> str:
    more = f" and {len(paths) - most} more" if len(paths) > most else ""
    return ", ".join(paths[:most]) + more
