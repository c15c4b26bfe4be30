"""What a traced process has left behind when it ended, however it did. It starts none by itself, and shows nothing."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from grader.evidence import Waiter
from grader.timeline import Line
from grader.tracing.child.folder import folder_of
from grader.tracing.data import UnreadableTraceError, from_data, until
from grader.tracing.launch import STOP, Request, Running, started
from grader.tracing.scale import words
from grader.tracing.trace import Ending, Trace

_CODES: Final = {"limit": 1, "interrupted": 130}  # of a program that had to be killed


@dataclass(frozen=True)
class Result:
    """The program's exit *code*, as a shell sees it, and its *trace*."""

    code: int
    trace: Trace


def run(request: Request) -> Result:
    """Run a script to its end; return what came of it."""
    with started(request) as running:
        return read(running, running.wait())


def read(running: Running, code: int) -> Result:
    """Return what came of a process that has ended with *code*, while its folder is still there."""
    trace = _trace(running, code)
    code = code if code >= 0 else 128 - code
    return Result(_CODES.get(trace.ending.how, code), trace)


def _trace(running: Running, code: int) -> Trace:
    request, folder = running.request, running.folder
    try:
        data = json.loads((folder / "trace.json").read_text("utf-8"))
        last, cut = data.pop("last"), data.pop("cut")
        trace = from_data(data)
    except (OSError, ValueError, KeyError, AttributeError, UnreadableTraceError):
        python = sys.version.partition(" ")[0]
        last, cut, trace = False, None, Trace(request.script, python, request.clock, 0, 0)
    if not last:
        known = f"Nothing is known of it after {words(trace.end)}." if trace.tasks else ""
        notes = (*trace.notes, known) if known else trace.notes
        trace = replace(trace, ending=_sudden(running, code), notes=notes)
        trace = replace(trace, source={**_source(running, trace.ending.line), **trace.source})
    return trace if cut is None else until(trace, cut)


def _sudden(running: Running, code: int) -> Ending:
    """Return how a process ended that could not say so itself."""
    stop, line = running.folder / STOP, _last_line(running)
    if stop.exists():
        how, _, message = stop.read_text("utf-8").partition(" ")
        waiting = () if line is None else (Waiter("the event loop", line),)
        return Ending(how, _CODES.get(how, code), message=message, line=line, waiting=waiting)
    if code == -signal.SIGINT:  # before the program had begun, or as it wished
        return Ending("interrupted", 130)
    if code < 0:
        with contextlib.suppress(ValueError):
            return Ending("died", 128 - code, message=signal.Signals(-code).name, line=line)
    return Ending("exited", code)


def _source(running: Running, line: Line | None) -> dict[str, tuple[str, ...]]:
    if line is None:
        return {}
    path = Path(folder_of(running.request.script), line.file)
    return {line.file: tuple(path.read_text("utf-8", "replace").splitlines())} if path.is_file() else {}


def _last_line(running: Running) -> Line | None:
    """Return the innermost line of the learner's in the stack that a dying process has written, if it has."""
    try:
        text = (running.folder / "stack").read_text("utf-8")
    except OSError:
        return None
    # What knows the learner's lines is imported for the few programs that end so.
    from grader.candidate.clock import RealClock  # noqa: PLC0415
    from grader.tracing.child.lines import Lines  # noqa: PLC0415

    lines = Lines(RealClock())
    lines.look_into(folder_of(running.request.script))
    # The thread that crashed, or that a signal reached, comes first or is named so.
    places = re.findall(r'^  File "(.+)", line (\d+) in ', text.partition("Current thread")[2] or text, re.MULTILINE)
    found = (lines.line_of(file, int(number)) for file, number in places)
    return next((Line(*line) for line in found if line is not None), None)
