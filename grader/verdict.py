"""One verdict per check, folded to one per exercise. Values and pure functions.

PASS needs every part of the check to have run. FAIL is the learner's, ERROR is ours; neither earns a point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, is_dataclass
from typing import Any, Final

from grader import prediction as predictions
from grader.diagnosis.model import Diagnosis
from grader.prediction import Prediction
from grader.timeline import Line, Operation, Picture

PASS: Final = "PASS"  # noqa: S105 - an outcome, no password
FAIL: Final = "FAIL"
ERROR: Final = "ERROR"
NOT_RUN: Final = "NOT RUN"


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check.

    exercise: its folder's name; checks, total: how many checks and points the whole exercise has.
    submission: the graded file. check: the check's title; node: its pytest id. clock: ``virtual`` or ``real``.
    points: what the check is worth. rank: of the diagnosis, lower is more fundamental. text: the diagnosed line.
    measured: the time it took, in words. printed: what the learner's code printed. fault: ours, for ERROR.
    hung: whether the judge had to stop it. left_out: why this machine cannot run the check; it then counts for nothing.
    hidden: its details are not for the learner. prediction: what the learner predicted, and what happened; it gives
    the answer away, and is for nobody but a learner who has predicted.
    """

    exercise: str
    check: str
    node: str
    outcome: str
    points: float
    clock: str = "virtual"
    diagnosis: Diagnosis | None = None
    rank: int = 0
    text: str = ""
    picture: Picture | None = None
    measured: str = ""
    printed: str = ""
    fault: str = ""
    hung: bool = False
    left_out: str = ""
    submission: str = ""
    checks: int = 1
    total: float = 0
    hidden: bool = False
    prediction: Prediction | None = None

    @property
    def earned(self) -> float:
        """All of the points for PASS, none otherwise."""
        return self.points if self.outcome == PASS else 0


@dataclass(frozen=True)
class ExerciseVerdict:
    """The verdicts of one exercise together; *cause* is the most fundamental failure's."""

    exercise: str
    submission: str
    checks: tuple[Verdict, ...]
    outcome: str
    cause: Verdict | None

    @property
    def points(self) -> float:
        """What the exercise is worth, checks that did not run included."""
        return max(check.total for check in self.checks)

    @property
    def missing(self) -> int:
        """How many checks of the exercise did not run."""
        ran = sum(check.outcome != NOT_RUN for check in self.checks)
        return max(check.checks for check in self.checks) - ran

    @property
    def earned(self) -> float:
        """What the submission earned."""
        return sum(check.earned for check in self.checks)

    @property
    def same_cause(self) -> int:
        """How many other checks failed with the diagnosis of *cause*."""
        if self.cause is None or self.cause.diagnosis is None:
            return 0
        code = self.cause.diagnosis.code
        return sum(1 for c in self.checks if c is not self.cause and c.diagnosis and c.diagnosis.code == code)


def fold(checks: Sequence[Verdict]) -> ExerciseVerdict:
    """Return the verdict of an exercise from those of its checks: at least one, all of one submission."""
    failed = [check for check in checks if check.outcome == FAIL]
    errors = [check for check in checks if check.outcome == ERROR]
    if errors:
        outcome, cause = ERROR, errors[0]
    elif failed:
        outcome, cause = FAIL, min(failed, key=lambda check: check.rank)
    else:
        expected = max(check.checks for check in checks)
        passed = sum(check.outcome == PASS for check in checks)
        outcome, cause = PASS if passed >= expected else NOT_RUN, None
    return ExerciseVerdict(checks[0].exercise, checks[0].submission, tuple(checks), outcome, cause)


def to_data(verdict: Verdict) -> dict[str, Any]:
    """Return *verdict* as plain data, for a report that crosses processes; `from_data` reads it."""
    data: dict[str, Any] = _plain(verdict)
    return data


def _plain(value: Any) -> Any:
    # As dataclasses.asdict, which copies every number and text of a picture too, and takes four times as long.
    if type(value) is tuple:
        return tuple(_plain(item) for item in value)
    return {name: _plain(item) for name, item in vars(value).items()} if is_dataclass(value) else value


def from_data(data: dict[str, Any]) -> Verdict:
    """Return the verdict that `to_data` wrote."""
    diagnosis, picture = data["diagnosis"], data["picture"]
    if diagnosis is not None:
        diagnosis = Diagnosis(**{**diagnosis, "line": _line(diagnosis["line"])})
    if picture is not None:
        yours, ideal = (tuple(_operation(op) for op in picture[name]) for name in ("yours", "ideal"))
        picture = Picture(**{**picture, "yours": yours, "ideal": ideal})
    prediction = predictions.from_data(data.get("prediction"))  # which a class graded earlier has not
    return Verdict(**{**data, "diagnosis": diagnosis, "picture": picture, "prediction": prediction})


def _operation(data: dict[str, Any]) -> Operation:
    return Operation(**{**data, "line": _line(data["line"])})


def _line(data: Any) -> Line | None:
    return None if data is None else Line(*data)
