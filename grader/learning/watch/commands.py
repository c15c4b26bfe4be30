"""The command ``onedelay watch``: what it is given, and whether it can be had here. The work is done elsewhere."""

from __future__ import annotations

import argparse
import os
import sys

from grader.complaint import Complaint
from grader.learning.course import upcoming
from grader.learning.workspace import workspace_here
from grader.paths import exercise_called


def watch(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay watch``."""
    about = "its number or name, such as 03 (default: the one that comes next)"
    parser.add_argument("exercise", nargs="?", help=about)
    parser.set_defaults(run=_watch)


def _watch(options: argparse.Namespace) -> int:
    workspace = workspace_here()
    exercises = workspace.exercises
    if not exercises:
        raise Complaint(f"{workspace.root} holds no exercises: `onedelay update` brings them back")
    if options.exercise is not None:
        first = exercise_called(options.exercise, workspace.root / "exercises")
    else:
        first = upcoming(exercises, workspace.progress.read()) or exercises[0]
    _expect_a_terminal()
    try:
        from grader.learning.watch.application import Application  # noqa: PLC0415 - with a library for screens
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "prompt_toolkit":
            raise
        raise Complaint("`watch` needs prompt_toolkit: pip install prompt_toolkit, or use onedelay check") from None
    return Application(workspace, exercises, first).run()


def _expect_a_terminal() -> None:
    terminal = os.environ.get("TERM", "")
    capable = os.name != "posix" or terminal not in {"", "dumb", "unknown"}
    if not (sys.stdin.isatty() and sys.stdout.isatty() and capable):
        raise Complaint("watch needs a terminal; use onedelay check")
