"""Runs a command of our own with a limit of time, and returns what it said. It knows no probe."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from grader.complaint import Complaint

# -P: a file of the learner's called random.py is not to stand for Python's own.
PYTHON: Final = (sys.executable, "-P")
WITNESS: Final = "ONEDELAY_WITNESS"  # in the environment: where `grader.doctor.witness` writes


def ran(
    command: Sequence[str], limit: float, cwd: Path, environment: Mapping[str, str] | None = None
) -> tuple[int, str, str]:
    """Return the exit code of *command*, and what it wrote to its two streams. `Complaint` after *limit* seconds.

    It is then ended with all that it started, as it is when this function is interrupted.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **(environment or {})},
        start_new_session=os.name == "posix",
        encoding="utf-8",
        errors="replace",
    )
    try:
        out, errors = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        raise Complaint(f"gave no answer within {limit:.0f} s") from None
    finally:
        if process.returncode is None:
            _end(process)
    return process.returncode, out, errors


def answer(words: Sequence[str], limit: float, cwd: Path) -> Any:
    """Return what `grader.doctor.trying` says to *words*; `Complaint` when it says nothing, or not within *limit*."""
    code, out, errors = ran([*PYTHON, "-m", "grader.doctor.trying", *words], limit, cwd)
    try:
        return json.loads(out.splitlines()[-1])
    except (IndexError, ValueError):
        why = re.sub(r"^(\w+\.)+\w+: ", "", last_line(errors))  # without the name of an exception of ours
        raise Complaint(why or f"ended with {code}, and said nothing") from None


def last_line(text: str) -> str:
    """Return the last line of *text* that is not empty, where mostly the error stands."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def _end(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)  # the group that was started with it
        else:
            process.kill()
    process.communicate()
