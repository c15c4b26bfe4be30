"""What was measured of the isolation of this machine: each escape that was attempted, and whether it was blocked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.judge.isolation.level import Level


@dataclass(frozen=True)
class Attempt:
    """One escape that a candidate attempted.

    what: in words, as the end of "it tried to". needed: the lowest level that has to block it. detail: what came of
    it, where it was not blocked.
    """

    what: str
    needed: Level
    blocked: bool
    detail: str = ""


@dataclass(frozen=True)
class Measured:
    """The level that holds on this machine: the highest one, up to the one asked for, whose attempts all failed."""

    asked: Level
    level: Level
    attempts: tuple[Attempt, ...]

    @property
    def line(self) -> str:
        """One line for a report."""
        if not self.attempts:
            return f"isolation {self.level.word} (nothing was measured)"
        blocked = sum(attempt.blocked for attempt in self.attempts)
        found = "measured" if self.level is self.asked else f"asked for {self.asked.word}"
        return f"isolation {self.level.word} ({found}: {blocked} of {len(self.attempts)} escapes were blocked)"

    @property
    def missing(self) -> str:
        """What keeps the level asked for from being reached, in one line, or nothing."""
        open_ways = [attempt for attempt in self.attempts if not attempt.blocked and attempt.needed <= self.asked]
        if self.level is self.asked or not open_ways:
            return ""
        more = f", and {len(open_ways) - 3} more" if len(open_ways) > 3 else ""
        return "a candidate could " + ", ".join(attempt.what for attempt in open_ways[:3]) + more

    def table(self) -> str:
        """Return a line for each attempt."""
        rows = []
        for attempt in sorted(self.attempts, key=lambda attempt: (attempt.needed, attempt.what)):
            result = "blocked" if attempt.blocked else f"POSSIBLE {attempt.detail}".rstrip()
            rows.append(f"  {attempt.needed.word:7} {attempt.what:56} {result}")
        return "\n".join(rows)


def judged(asked: Level, attempts: Sequence[Attempt]) -> Measured:
    """Return what *attempts* say of a candidate that was started at the level *asked*."""
    reached = Level.NONE
    for level in sorted(Level):
        if level <= asked and all(attempt.blocked for attempt in attempts if attempt.needed <= level):
            reached = level
        else:
            break
    return Measured(asked, reached, tuple(attempts))
