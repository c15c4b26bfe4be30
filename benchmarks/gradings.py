"""Gradings of right and wrong submissions of exercise 03 while four processes keep the machine busy."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from itertools import zip_longest
from pathlib import Path

from load import BUSY, busy

ROOT = Path(__file__).parents[1]
SOLUTIONS = ROOT / "solutions" / "03_gather_weather"


def grade(files: list[Path], folder: Path) -> dict[str, str]:
    """Return the outcome of each file, from one run of pytest over all of them, on both clocks."""
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    given = [f"--submission={file}" for file in files]
    command = [sys.executable, "-m", "pytest", "exercises/03", "-q", f"--report=json={report}", *given]
    subprocess.run([*command, "-p", "no:cacheprovider"], cwd=ROOT, check=False, capture_output=True)
    found = json.loads(report.read_text("utf-8"))["exercises"]
    return {item["submission"]: item["outcome"] for item in found}


def measure(options: argparse.Namespace) -> list[tuple[str, str]]:
    """Return how many gradings were made and how many verdicts were wrong."""
    right = [SOLUTIONS / "gather_weather.py", *sorted((SOLUTIONS / "accepted").glob("*.py"))]
    wrong = sorted((SOLUTIONS / "rejected").glob("*.py"))
    expected = {**{str(f): "PASS" for f in right}, **{str(f): "FAIL" for f in wrong}}
    files = [file for pair in zip_longest(right, wrong) for file in pair if file is not None]
    made, mistakes, start = 0, [], time.perf_counter()
    with busy(), tempfile.TemporaryDirectory() as folder:
        while made < options.count:
            batch = files[: options.count - made]
            outcomes = grade(batch, Path(folder))
            mistakes += [
                f"{Path(f).name}: {outcomes.get(str(f))}" for f in batch if outcomes.get(str(f)) != expected[str(f)]
            ]
            made += len(batch)
            print(f"    {made} gradings, {len(mistakes)} wrong {mistakes[-3:]}", flush=True)
    elapsed = time.perf_counter() - start
    return [
        (f"gradings with {BUSY} busy processes ({len(right)} right files, {len(wrong)} wrong ones)", f"{made}"),
        ("wrong verdicts (target: 0)", f"{len(mistakes)}"),
        ("time of each, under that load", f"{elapsed / made:.2f} s"),
    ]
