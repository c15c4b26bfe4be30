"""``onedelay run``: a script of the learner's own, and its timeline."""

from __future__ import annotations

import argparse
import importlib
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from grader.complaint import Complaint
from grader.reports.console import Console, console
from grader.tracing import launch

_VIRTUAL_LIMIT: Final = 60.0  # seconds: there, what is not done soon goes on for ever
_EPILOG: Final = (
    "Options may stand before FILE or right after it; what follows them are the script's own arguments. "
    "The exit code is the script's own: 1 when it was stopped at the limit or waits for ever, 130 after Ctrl-C, "
    "2 when it cannot be run as asked."
)


def run_script(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay run``."""
    parser.usage = (
        "onedelay run FILE [--virtual] [--limit SECONDS] [--svg FILE]\n                    [--html FILE] [ARGS ...]"
    )
    parser.epilog = _EPILOG
    parser.add_argument("script", metavar="FILE", help="a Python script, run as `python FILE ARGS` would")
    _add_ours(parser)
    parser.add_argument("arguments", metavar="ARGS", nargs=argparse.REMAINDER, help="the script's own arguments")
    parser.set_defaults(run=_run)


def _add_ours(parser: argparse.ArgumentParser) -> None:
    # No defaults, so that those after FILE replace those before it, and nothing else does.
    missing: Any = argparse.SUPPRESS
    parser.add_argument(
        "--virtual",
        action="store_true",
        default=missing,
        help="on a clock on which pauses take no time; no network there",
    )
    parser.add_argument(
        "--limit", metavar="SECONDS", type=_seconds, default=missing,
        help="stop it after so many seconds of real time (default: never; with --virtual 60)",
    )  # fmt: skip
    parser.add_argument("--svg", metavar="FILE", type=Path, default=missing, help="write the timeline as a picture too")
    parser.add_argument("--html", metavar="FILE", type=Path, default=missing, help="write it as a page, to zoom into")


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < math.inf:
        raise ValueError(text)
    return seconds


def _run(options: argparse.Namespace) -> int:
    arguments = _after_the_file(options)
    script, virtual = options.script, getattr(options, "virtual", False)
    _expect_script(Path(script))
    pictures = {kind: getattr(options, kind, None) for kind in ("svg", "html")}
    for path in pictures.values():
        _expect_room(path)
    limit = getattr(options, "limit", _VIRTUAL_LIMIT if virtual else None)
    with launch.started(launch.Request(script, arguments, virtual, limit)) as running:
        # While the program is running already.
        outcome: Any = importlib.import_module("grader.tracing.outcome")
        importlib.import_module("grader.tracing.terminal")

        result = outcome.read(running, running.wait())
    out = console()
    _show(result.trace, out)
    for kind, path in pictures.items():
        if path is not None:
            _draw(result.trace, kind, path)
            out.say(f"Written: {path}", "quiet")
    code: int = result.code
    return code


def _after_the_file(options: argparse.Namespace) -> Sequence[str]:
    """Take our options that follow the script into *options*; return the script's own arguments."""
    ours, rest = [], list(options.arguments)
    while rest and rest[0].partition("=")[0] in {"--virtual", "--limit", "--svg", "--html"}:
        takes_value = rest[0] in {"--limit", "--svg", "--html"}
        ours += rest[: 1 + takes_value]
        rest = rest[1 + takes_value :]
    parser = argparse.ArgumentParser(prog="onedelay run", add_help=False, allow_abbrev=False)
    _add_ours(parser)
    parser.parse_args(ours, options)
    return rest


def _expect_script(path: Path) -> None:
    if path.is_dir():
        raise Complaint(f"{path} is a folder: name a script in it, such as {path / 'main.py'}")
    if not path.is_file():
        raise Complaint(f"there is no file {path}: name a Python script, such as `onedelay run main.py`")
    try:
        path.open("rb").close()
    except OSError as error:
        raise Complaint(f"{path} cannot be read: {error.strerror or error}") from None


def _expect_room(path: Path | None) -> None:
    if path is not None and not path.absolute().parent.is_dir():
        raise Complaint(f"there is no folder {path.parent} to write {path.name} into")
    if path is not None and path.is_dir():
        raise Complaint(f"{path} is a folder: name a file to write the picture into")


def _show(trace: Any, out: Console) -> None:
    """Write the timeline of *trace* below what the program has written."""
    terminal: Any = importlib.import_module("grader.tracing.terminal")
    out.say()
    for row in terminal.render(trace, out.width, out.signs):
        if row.style == terminal.BARS and out.colour:
            out.say(terminal.painted(row))
        else:
            out.write([row])


def _draw(trace: Any, kind: str, path: Path) -> None:
    picture: Any = importlib.import_module(f"grader.tracing.{kind}")
    try:
        path.write_text(picture.render(trace), "utf-8")
    except OSError as error:
        raise Complaint(f"{path} cannot be written: {error.strerror or error}") from None
