"""How far a batch is: a bar with rate and time left on a terminal, plain lines elsewhere. It knows no result."""

from __future__ import annotations

import sys
import time
from typing import Any, Final, Self

_EVERY: Final = 10.0  # seconds between the lines of a log


class Progress:
    """Counts *total* submissions on standard error."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._fresh = 0
        self._begun = self._told = time.monotonic()
        self._bar: Any = None
        if sys.stderr.isatty():
            from tqdm import tqdm  # noqa: PLC0415 - on a terminal only

            self._bar = tqdm(total=total, unit="submission", dynamic_ncols=True, smoothing=0.1)

    def step(self, *, fresh: bool = True) -> None:
        """Count one more; one that an earlier run had graded says nothing about the rate."""
        self._done += 1
        self._fresh += fresh
        if self._bar is not None:
            self._bar.update()
            if not fresh:
                self._bar.unpause()
        elif time.monotonic() - self._told >= _EVERY:
            self._told = time.monotonic()
            self.say(self._line())

    def say(self, line: str) -> None:
        """Print a line of its own."""
        if self._bar is not None:
            self._bar.write(line, file=sys.stderr)
        else:
            print(line, file=sys.stderr, flush=True)  # noqa: T201 - what it is for

    def _line(self) -> str:
        rate = self._fresh / max(1e-9, time.monotonic() - self._begun)
        left = f", {(self._total - self._done) / rate:.0f} s left" if rate else ""
        return f"{self._done} of {self._total} submissions, {rate:.1f} a second{left}"

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the terminal as it was."""
        if self._bar is not None:
            self._bar.close()
