"""From a save to what `onedelay watch` shows of it, in a real pseudo-terminal, on a warm judge.

Exercise 03, in turn a wrong file and the right one: until the verdict of the virtual clock is on the screen, and for
the right one also until it is done for real.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

import pexpect
import pyte

from grader.learning.workspace import create

SAVES = 20
TARGET = 1  # s, to the verdict of the virtual clock
PATIENCE = 60.0
SOLUTIONS = Path(__file__).parents[1] / "solutions" / "03_gather_weather"
WRONG, RIGHT = SOLUTIONS / "rejected" / "ran-sequentially.py", SOLUTIONS / "gather_weather.py"


class Screen:
    """A terminal of 80 by 24 with `onedelay watch 03` in it."""

    def __init__(self, folder: Path) -> None:
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.Stream(self._screen)
        environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        self._watch = pexpect.spawn(
            "onedelay", ["watch", "03"], cwd=str(folder), env=environment, dimensions=(24, 80), encoding="utf-8"
        )

    def seconds_to(self, *texts: str) -> float:
        """Return in how many seconds from now one of *texts* is on the screen."""
        begin = time.perf_counter()
        while not any(text in line for text in texts for line in self._screen.display):
            if time.perf_counter() - begin > PATIENCE:
                raise TimeoutError("\n".join(self._screen.display))
            try:
                self._stream.feed(self._watch.read_nonblocking(1 << 16, 0.02))
            except pexpect.TIMEOUT:
                continue
        return time.perf_counter() - begin

    def quit(self) -> float:
        """Return how long `q` takes to end it."""
        begin = time.perf_counter()
        self._watch.send("q")
        self._watch.expect(pexpect.EOF, timeout=PATIENCE)
        return time.perf_counter() - begin


def measure(options: argparse.Namespace) -> list[tuple[str, str]]:  # noqa: ARG001 - every part is called so
    """Return the times from a save to what is shown."""
    figures: dict[str, list[float]] = {"wrong: verdict": [], "right: virtual verdict": [], "right: done for real": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "work")
        create(folder)
        file = folder / "exercises" / "03_gather_weather" / "gather_weather.py"
        screen = Screen(folder)
        opened = screen.seconds_to("not started")
        for number in range(SAVES):
            save(file, WRONG, number)
            figures["wrong: verdict"].append(screen.seconds_to("ran one after another"))
            save(file, RIGHT, number)
            virtual = screen.seconds_to("now for real", "Done. n")
            figures["right: virtual verdict"].append(virtual)
            figures["right: done for real"].append(virtual + screen.seconds_to("Done. n"))
        ended = screen.quit()
    rows = [("from its start to the first verdict", f"{opened:.2f} s")]
    for what, times in figures.items():
        target = f" (target: {TARGET} s)" if what.endswith("verdict") else ""
        rows.append(
            (f"{what}, median and longest of {SAVES}{target}", f"{statistics.median(times):.2f}, {max(times):.2f} s")
        )
    return [*rows, ("q, to its end", f"{ended:.2f} s")]


def save(file: Path, source: Path, number: int) -> None:
    """Save *source* as *file*, a little different each time, as an editor does."""
    fresh = file.with_suffix(".new")
    fresh.write_bytes(source.read_bytes() + f"\n# {number}\n".encode())
    fresh.replace(file)
