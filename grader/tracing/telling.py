"""The words of pictures: what states and outcomes are called, and a trace in one sentence. It draws nothing."""

from __future__ import annotations

from typing import Final

from grader.timeline import Line
from grader.tracing import scale
from grader.tracing.trace import Trace

# What each state is called.
STATES: Final = {
    "sleep": "waits for time to pass",
    "network": "waits for the network",
    "signal": "waits for a lock, event or queue",
    "thread": "waits for a thread or process",
    "task": "waits for other tasks",
    "other": "waits for something else",
    "running": "its code ran, or was ready to run",
    "blocking": "its code held the loop",
    "held": "ready, but the loop was held",
}
MOMENT: Final = "its code ran for a moment"
# The same after a task's name, where that is told otherwise.
DID: Final = STATES | {
    "running": "ran, or was ready to run",
    "blocking": "held the loop",
    "held": "was ready, but the loop was held",
}
OUTCOMES: Final = {"done": "done", "failed": "failed", "cancelled": "cancelled", "pending": "never ended"}


def summary(trace: Trace, peak: int, drawn: int | None = None) -> str:
    """Return how many tasks took how long, how many operations were in flight at most, and how many tasks are drawn."""
    many = len(trace.tasks)
    if not many:
        return f"No task ran. It took {scale.words(trace.elapsed)}."
    told = (
        f"{many:,} task{'' if many == 1 else 's'} in {scale.words(trace.elapsed)}, at most {peak:,} in flight at once"
    )
    return told + (f"; {drawn:,} of the tasks are drawn" if drawn is not None and drawn < many else "") + "."


def place(line: Line) -> str:
    """Return ``app.py:14``, the file without its folders."""
    return f"{basename(line.file)}:{line.number}"


def basename(path: str) -> str:
    """Return the last part of *path*, whichever way its slashes lean."""
    return path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1] or path


def sentence(told: str) -> str:
    """Return *told* with a capital, unless it begins with a name of a program's."""
    first = told.split(" ", 1)[0]
    return told if any(mark in first.rstrip(".:,") for mark in "._(`") else told[:1].upper() + told[1:]


def notes(trace: Trace) -> list[str]:
    """Return what has to be said about the picture beside what it shows and what was found in it, as sentences."""
    dropped = f"{trace.dropped:,} further tasks and waits were not kept."
    return [*trace.notes, *([dropped] if trace.dropped else [])]


def ended(trace: Trace) -> str:
    """Return how the program ended where neither its end was the usual one nor a finding tells of it."""
    if trace.ending.how == "interrupted":
        return "Stopped with Ctrl-C; this is what had happened until then."
    return f"It ended with sys.exit, exit code {trace.ending.code}." if trace.ending.how == "exit" else ""
