"""The command line door: which commands there are, and in which room each of them is. It does nothing itself.

A room is imported only when its command is chosen, so that ``onedelay --help`` is quick. There, a function adds the
command's options to a parser and sets ``run``, which takes them and returns the exit code.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import io
import sys
from collections.abc import Sequence
from typing import Final, NamedTuple

from grader.complaint import Complaint


class Command(NamedTuple):
    """One command: its line of help, and the function (in a module) that adds its options."""

    help: str
    module: str
    function: str


LEARNERS: Final = {
    "start": Command("make a folder to work in, with all exercises", "grader.learning.commands.folder", "start"),
    "update": Command("bring newer exercises; your work stays as it is", "grader.learning.commands.folder", "update"),
    "watch": Command("judge the current exercise each time you save", "grader.learning.watch.commands", "watch"),
    "check": Command(
        "judge an exercise once, as `pytest exercises/NN` does", "grader.learning.commands.exercise", "check"
    ),
    "hint": Command("show an exercise's hints, the gentlest first", "grader.learning.commands.exercise", "hint"),
    "list": Command("list the exercises and how far you are", "grader.learning.commands.overview", "list_exercises"),
    "next": Command("say which exercise comes next", "grader.learning.commands.overview", "next_exercise"),
    "reset": Command(
        "put an exercise's file back as it was; yours is kept", "grader.learning.commands.exercise", "reset"
    ),
    "solution": Command(
        "compare your answer with ours, once it passes", "grader.learning.commands.exercise", "solution"
    ),
    "progress": Command(
        "show your progress, or merge that of another machine", "grader.learning.commands.overview", "progress"
    ),
    "run": Command("run a script of your own and show its timeline", "grader.tracing.commands", "run_script"),
    "doctor": Command("say what works on this machine and what does not", "grader.doctor.commands", "doctor"),
    "completion": Command("print what makes a shell complete these commands", "grader.completion", "completion"),
}
INSTRUCTORS: Final = {
    "grade": Command("grade a class", "grader.batch.commands", "add_options"),
    "nbgrader": Command("make the exercises a course of nbgrader's", "grader.notebook.commands", "add_options"),
    "package": Command("make an autograder for another platform", "grader.packaging.commands", "add_options"),
    "release": Command("make what a class gets: without solutions", "grader.packaging.release", "release"),
}
AUTHORS: Final = {
    "verify": Command("check the three truths of exercises", "grader.authoring.commands", "verify"),
    "new": Command("start a new exercise, such as 42_feed_cats", "grader.authoring.commands", "new"),
    "refresh": Command("rewrite what is generated in texts", "grader.authoring.commands", "refresh"),
}
GROUPS: Final = {"learn": LEARNERS, "teach": INSTRUCTORS, "write exercises": AUTHORS}
COMMANDS: Final = {**LEARNERS, **INSTRUCTORS, **AUTHORS}
_EXTRAS: Final = {"grader.learning": "", "grader.tracing": "", "grader.notebook": "[nbgrader]"}  # default: [grade]
INTERRUPTED: Final = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done or right, 1 not right yet, 2 not possible as asked, 130 stopped."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console that lacks a character still gets the line
    given = (sys.argv[1:] if argv is None else list(argv)) or ["--help"]
    try:
        _expect_known(given[0])
        options = parser_of(given[:1]).parse_args(given)
        code: int = options.run(options)
        _finish_output()
    except Complaint as complaint:
        print(f"onedelay: {complaint}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _finish_output()
        return 0
    except SystemExit:  # after a --help, or wrong usage
        _finish_output()
        raise
    return code


def _finish_output() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read it has seen enough
        sys.stdout = None  # nothing is left to flush at the end


def parser_of(chosen: Sequence[str]) -> argparse.ArgumentParser:
    """Return the command line's parser, with the options of the *chosen* commands only."""
    parser = argparse.ArgumentParser(
        prog="onedelay",
        description="Graded exercises for asyncio and concurrency.",
        usage="onedelay COMMAND ...",
        epilog=_summary(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    shown = ""
    if "--version" in chosen:
        from grader.shipped import version  # noqa: PLC0415 - only where it is asked for

        shown = f"onedelay {version()}"
    parser.add_argument("--version", action="version", version=shown, help="say which version this is")
    commands = parser.add_subparsers(prog="onedelay", dest="command", required=True, help=argparse.SUPPRESS)
    for name, command in COMMANDS.items():
        below = commands.add_parser(name, description=f"{command.help[0].upper()}{command.help[1:]}.")
        if name in chosen:
            _room(name, command, below)
    return parser


def _expect_known(name: str) -> None:
    if name.startswith("-") or name in COMMANDS:
        return
    near = difflib.get_close_matches(name, COMMANDS, 1)
    meant = f"did you mean `onedelay {near[0]}`? " if near else ""
    raise Complaint(f"there is no command {name!r}: {meant}`onedelay --help` lists them")


def _room(name: str, command: Command, parser: argparse.ArgumentParser) -> None:
    try:
        room = importlib.import_module(command.module)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] == "grader":
            raise
        extra = _EXTRAS.get(".".join(command.module.split(".")[:2]), "[grade]")
        raise Complaint(f"`{name}` needs {missing.name}: pip install 'onedelay{extra}'") from None
    getattr(room, command.function)(parser)


def _summary() -> str:
    lines = []
    for title, group in GROUPS.items():
        lines += [f"{title}:", *(f"  {name:<11} {command.help}" for name, command in group.items()), ""]
    return "\n".join(
        [
            *lines,
            "`onedelay COMMAND --help` says more. Exit codes: 0 done or right,",
            "1 not right yet, 2 not possible as asked, 130 stopped by Ctrl-C.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
