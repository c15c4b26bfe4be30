"""The time of ``pytest exercises/03`` on the solution against the same pytest running one empty async test."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
EMPTY = "import pytest\n\n\n@pytest.mark.asyncio\nasync def test_empty():\n    pass\n"
SETTINGS = '[tool.pytest.ini_options]\nasyncio_default_fixture_loop_scope = "function"\n'


def seconds(args: list[str], cwd: Path) -> float:
    """Return the whole-process time of one pytest run, which must pass."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "pytest", *args], cwd=cwd, check=True, capture_output=True)
    return time.perf_counter() - start


def measure(options: argparse.Namespace) -> list[tuple[str, str]]:
    """Return the medians and the ratio of runs made in turn, after one of each to warm up."""
    ours = ["exercises/03", "--submission", "solutions/03_gather_weather/gather_weather.py"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_empty.py").write_text(EMPTY, "utf-8")
        Path(folder, "pyproject.toml").write_text(SETTINGS, "utf-8")
        pairs = [(seconds(ours, ROOT), seconds([], Path(folder))) for _ in range(options.runs + 1)]
    graded, empty = (statistics.median(column) for column in zip(*pairs[1:], strict=True))
    ratio = statistics.median(a / b for a, b in pairs[1:])
    return [
        ("pytest exercises/03 on the solution, median", f"{graded:.2f} s"),
        ("the same pytest with one empty async test, median", f"{empty:.2f} s"),
        ("ratio, pair by pair, median (target: at most 1.5)", f"{ratio:.2f}"),
    ]
