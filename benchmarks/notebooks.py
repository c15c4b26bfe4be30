"""A class in nbgrader, exercise 03, half right and half wrong: autograding in kernels, and without."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from classes import make_class

ROOT = Path(__file__).parents[1]
NAME = "03_gather_weather"
SIZES = (20, 200)
STOCK = """c = get_config()
c.CourseDirectory.course_id = "onedelay"
c.Execute.timeout = 300
"""
NBGRADER = [sys.executable, "-m", "nbgrader"]
WAYS = {
    "stock": ("in a kernel each, as nbgrader does by itself", [*NBGRADER, "autograde", NAME]),
    "steps": ("judged at FULL by the course's steps in `nbgrader autograde`", [*NBGRADER, "autograde", NAME]),
    "ours": (
        "the same by `onedelay nbgrader autograde`",
        [sys.executable, "-m", "grader.cli", "nbgrader", "autograde", NAME],
    ),
}


def _run(command: list[str], folder: Path) -> float:
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-2000:]}")
    return time.perf_counter() - begun


def _make_course(folder: Path, count: int) -> None:
    """Write a course whose assignment *count* students have handed in."""
    _run([sys.executable, "-m", "grader.cli", "nbgrader", "course", str(folder), "--exercise", "03"], ROOT)
    _run([*NBGRADER, "generate_assignment", NAME], folder)
    shutil.copy(folder / "nbgrader_config.py", folder / "steps.py")
    shutil.copy(folder / "nbgrader_config.py", folder / "ours.py")
    (folder / "stock.py").write_text(STOCK, "utf-8")
    make_class(folder / "class", count)
    released = json.loads((folder / "release" / NAME / f"{NAME}.ipynb").read_text("utf-8"))
    for given in sorted((folder / "class").iterdir()):
        for cell in released["cells"]:
            if cell["id"] == "answer":
                cell["source"] = (given / "gather_weather.py").read_text("utf-8")
        place = folder / "submitted" / given.name / NAME
        place.mkdir(parents=True)
        (place / f"{NAME}.ipynb").write_text(json.dumps(released), "utf-8")


def _autograde(folder: Path, way: str) -> float:
    """Return the seconds for all, from a gradebook and a folder without results."""
    shutil.copy(folder / f"{way}.py", folder / "nbgrader_config.py")
    shutil.rmtree(folder / "autograded", ignore_errors=True)
    (folder / "gradebook.db").unlink()
    _run([*NBGRADER, "generate_assignment", NAME, "--force"], folder)
    return _run(WAYS[way][1], folder)


def measure(_: argparse.Namespace) -> list[tuple[str, str]]:
    """Return the seconds for each submission, the ways taking turns; three times for the small class."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for size in SIZES:
            folder = Path(name) / str(size)
            _make_course(folder, size)
            times = {way: float("inf") for way in WAYS}
            for _round in range(3 if size < 100 else 1):
                for way in WAYS:
                    times[way] = min(times[way], _autograde(folder, way))
            for way, (words, _command) in WAYS.items():
                rows.append((f"{size} submissions, {words}", f"{times[way] / size * 1000:.0f} ms each"))
                if way != "stock":
                    rows.append(
                        ("  times as fast as in kernels (target at 200: 20)", f"{times['stock'] / times[way]:.1f}")
                    )
    return rows
