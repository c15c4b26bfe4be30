"""The three truths of all exercises, again and again, while four processes keep the machine busy."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from load import BUSY, busy

from grader.authoring import truths
from grader.exercise import exercises_in

ROOT = Path(__file__).parents[1]


def measure(options: argparse.Namespace) -> list[tuple[str, str]]:
    """Return how often all files were graded, how long it took, and how many verdicts were not as they should be."""
    exercises = exercises_in(ROOT / "exercises")
    gradings, changed, times = 0, 0, []
    with busy():
        for repetition in range(1, options.repetitions + 1):
            start = time.perf_counter()
            every = list(truths.verify(exercises))
            wrong = [item for found in every for item in found.wrong]
            total = sum(1 + found.accepted + found.rejected for found in every if not found.skipped)
            times.append(time.perf_counter() - start)
            gradings += total
            changed += len(wrong)
            print(f"    repetition {repetition}: {total} files, {len(wrong)} wrong, {times[-1]:.0f} s", flush=True)
            for item in wrong:
                print(f"      {item.exercise.name}/{item.file.name}: expected {item.expected}; seen {item.seen}")
    return [
        (f"repetitions of all three truths, with {BUSY} busy processes", f"{len(times)}"),
        ("gradings", f"{gradings}"),
        ("changed verdicts or diagnoses (target: 0)", f"{changed}"),
        ("time of a repetition, at most", f"{max(times):.0f} s"),
    ]
