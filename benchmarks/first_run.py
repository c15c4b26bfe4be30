"""The first run in an untouched environment, and the second."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def measure(_: argparse.Namespace) -> list[tuple[str, str]]:
    """Return the times of setting up a new environment and of the first two runs in it."""
    with tempfile.TemporaryDirectory() as folder:
        bin_folder = Path(folder, "env", "Scripts" if os.name == "nt" else "bin")
        run = [str(bin_folder / "python"), "-m", "pytest", "exercises/03", "-p", "no:cacheprovider"]
        install = [str(bin_folder / "python"), "-m", "pip", "install", "-q", "-c", "constraints.txt", "-e", "."]
        return [
            ("python -m venv", timed([sys.executable, "-m", "venv", str(Path(folder, "env"))])),
            ("pip install (download included, unless cached)", timed(install)),
            ("first pytest exercises/03, stub", timed(run, 1)),
            ("second pytest exercises/03, stub", timed(run, 1)),
        ]


def timed(command: list[str], code: int = 0) -> str:
    """Return the time of a command that must exit with *code*."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode != code:
        raise RuntimeError(f"{command}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return f"{time.perf_counter() - start:.2f} s"
