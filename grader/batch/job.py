"""What is graded and what came of it, as values that travel between processes. They know neither how nor where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.verdict import ERROR, FAIL, ExerciseVerdict, fold, from_data

Key = tuple[str, str]  # a student's key, and the name of an exercise


@dataclass(frozen=True)
class Settings:
    """How a batch is judged.

    root: the folder that holds ``exercises/``. clock: ``decisive`` (what is virtual, and what only the real clock can
    decide), ``virtual``, or ``both`` (all). isolation: a level's name. limit: real seconds for each check. seed: what
    the values of the judge's world are drawn from.
    """

    root: Path
    clock: str = "decisive"
    isolation: str = "full"
    limit: float = 10.0
    seed: int = 0


@dataclass(frozen=True)
class Job:
    """One submission of one exercise: *files*, relative path -> content, of which *main* is to be graded."""

    student: str
    exercise: str
    main: str
    files: Mapping[str, bytes]

    @property
    def key(self) -> Key:
        """Who and what."""
        return self.student, self.exercise


@dataclass(frozen=True)
class Reply:
    """What a judge said of one job.

    verdicts: one per check, as data. fault: why there are none, and that is ours. seconds: real time. isolation: the
    level that was measured where it ran.
    """

    student: str
    exercise: str
    verdicts: tuple[dict[str, Any], ...] = ()
    fault: str = ""
    seconds: float = 0.0
    isolation: str = ""

    @property
    def key(self) -> Key:
        """Who and what."""
        return self.student, self.exercise

    @property
    def verdict(self) -> ExerciseVerdict | None:
        """The verdicts folded to one, if there are any."""
        return fold([from_data(data) for data in self.verdicts]) if self.verdicts else None

    @property
    def unsettled(self) -> bool:
        """Whether it deserves another try, alone: a fault of ours, or late on the real clock only."""
        if self.fault or not self.verdicts:
            return True
        outcomes = {(data["outcome"], data["clock"]) for data in self.verdicts}
        if any(outcome == ERROR for outcome, _ in outcomes):
            return True
        return (FAIL, "real") in outcomes and (FAIL, "virtual") not in outcomes
