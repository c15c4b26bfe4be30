"""What the command line costs on top of Python itself: each command beside a bare interpreter, again and again.

The two are started one after the other, in pairs, so that both see the same load; what is told is the median of the
differences. `check` starts pytest, which has most of its time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader.learning.workspace import create

TARGET = 150  # ms, of `onedelay --help`
COMMANDS = (["--help"], ["list"], ["hint", "03"], ["next"], ["check", "03"])


def measure(options: argparse.Namespace) -> list[tuple[str, str]]:
    """Return for each command how much longer than a bare interpreter it takes."""
    program = Path(sys.executable).with_name("onedelay")
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "work")
        create(folder)
        for words in COMMANDS:
            pairs = [paired([str(program), *words], folder) for _ in range(options.runs + 1)][1:]
            more = [1000 * (full - bare) for bare, full in pairs]
            target = f" (target: {TARGET} ms)" if words == ["--help"] else ""
            rows.append(
                (f"onedelay {' '.join(words)}, on top of python -c pass{target}", f"{statistics.median(more):.0f} ms")
            )
        bare = [1000 * seconds([sys.executable, "-c", "pass"], folder) for _ in range(options.runs)]
    return [("python -c pass", f"{statistics.median(bare):.0f} ms"), *rows]


def paired(command: list[str], folder: Path) -> tuple[float, float]:
    """Return the seconds of a bare interpreter, and of *command* right after it."""
    return seconds([sys.executable, "-c", "pass"], folder), seconds(command, folder)


def seconds(command: list[str], folder: Path) -> float:
    """Return how long *command* takes in *folder*, whatever it says."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True)
    return time.perf_counter() - start
