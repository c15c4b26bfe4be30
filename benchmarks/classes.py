"""A class of exercise 03, half right and half wrong: time and memory of grading it, the floor, and pytest alone."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOLUTIONS = ROOT / "solutions" / "03_gather_weather"
WRONG = ("ran-sequentially", "blocked-the-loop", "wrong-order", "never-awaited")
SYNTAX_ERROR = "async def fetch_weather(cities, base_url)\n    return []\n"
EXITS = "import sys\n\n\nasync def fetch_weather(cities, base_url):\n    sys.exit(0)\n"
ALONE = 20  # submissions for which pytest is started once each


def make_class(folder: Path, count: int) -> None:
    """Write *count* submissions, a folder each, no two the same."""
    right = [SOLUTIONS / "gather_weather.py", *sorted((SOLUTIONS / "accepted").glob("*.py"))]
    wrong = [(SOLUTIONS / "rejected" / f"{name}.py").read_text("utf-8") for name in WRONG] + [SYNTAX_ERROR, EXITS]
    texts = itertools.cycle(itertools.chain.from_iterable(zip(_texts(right), itertools.cycle(wrong), strict=False)))
    for number, text in zip(range(count), texts, strict=False):
        place = folder / f"student{number:04}"
        place.mkdir(parents=True)
        (place / "gather_weather.py").write_text(f"{text}\n# {number}\n", "utf-8")


def _texts(files: Sequence[Path]) -> Iterator[str]:
    # As many as there are wrong ones for each, so that every pair of right and wrong comes up.
    for _ in range(len(WRONG) + 2):
        for file in files:
            yield file.read_text("utf-8")


def grade(submissions: Path, out: Path, *options: str, clock: str = "virtual") -> tuple[float, int]:
    """Return the seconds that grading took, and the peak memory (kB) of the driver."""
    command = [sys.executable, "-m", "grader.cli", "grade", str(submissions), "--exercise", "03", "--out", str(out)]
    command += ["--clock", clock]
    start = time.perf_counter()
    process = subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        with contextlib.suppress(OSError, StopIteration, ValueError):
            status = Path(f"/proc/{process.pid}/status").read_text("ascii")
            peak = max(peak, next(int(row.split()[1]) for row in status.splitlines() if row.startswith("VmHWM")))
        time.sleep(0.02)
    if process.returncode:
        raise RuntimeError(f"grading ended with {process.returncode}")
    return time.perf_counter() - start, peak


def floor(submissions: Path) -> float:
    """Return the seconds that bare forks took, as many processes as cores side by side."""
    folders, cores = sorted(submissions.iterdir()), os.cpu_count() or 1
    start = time.perf_counter()
    command = [sys.executable, str(Path(__file__).with_name("floor.py"))]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [subprocess.Popen([*command, *map(str, folders[n::cores])], **quiet) for n in range(cores)]
    for process in running:
        process.wait()
    return time.perf_counter() - start


def pytest_alone(submissions: Path) -> float:
    """Return the seconds for each submission when pytest is started for it."""
    files = sorted(submissions.rglob("gather_weather.py"))[:ALONE]
    start = time.perf_counter()
    for file in files:
        command = [sys.executable, "-m", "pytest", "exercises/03", f"--submission={file}", "--clock", "virtual", "-q"]
        subprocess.run([*command, "-p", "no:cacheprovider"], cwd=ROOT, check=False, capture_output=True)
    return (time.perf_counter() - start) / len(files)


def measure(options: argparse.Namespace) -> list[tuple[str, str]]:
    """Return the figures for `--count` submissions, and the driver's memory at 200 and at 2,000."""
    count = options.count
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in {200, count, 2000}:
            make_class(folder / str(size), size)
        seconds, _ = grade(folder / str(count), folder / "out")
        lowest = floor(folder / str(count))
        alone = pytest_alone(folder / str(count))
        both, _ = grade(folder / "200", folder / "both", clock="both")
        one, _ = grade(folder / "200", folder / "one", "--executor", "dask", "--workers", "1")
        two, _ = grade(folder / "200", folder / "two", "--executor", "dask", "--workers", "2")
        _, small = grade(folder / "200", folder / "small")
        _, large = grade(folder / "2000", folder / "large")
    each = seconds / count
    return [
        (f"{count} submissions, all virtual checks, isolation FULL (target: 60 s for 1,000)", f"{seconds:.1f} s"),
        ("each (target: 60 ms)", f"{each * 1000:.0f} ms"),
        ("the floor: a bare fork, the same calls, no judge and no sandbox", f"{lowest / count * 1000:.0f} ms"),
        ("ratio to the floor (target: 3)", f"{seconds / lowest:.2f}"),
        ("pytest started for each submission", f"{alone * 1000:.0f} ms"),
        ("ratio of that to the batch", f"{alone / each:.1f}"),
        ("each of 200 on both clocks", f"{both / 200 * 1000:.0f} ms"),
        ("200 with Dask, one worker", f"{one:.1f} s"),
        ("the same with two workers", f"{two:.1f} s"),
        ("peak memory of the driver at 200 submissions", f"{small / 1024:.1f} MB"),
        ("the same at 2,000", f"{large / 1024:.1f} MB"),
        ("ratio (target: 1.2)", f"{large / small:.2f}"),
    ]
