"""What a grade cell earns, from the verdicts on the checks it stands for. Values only."""

from __future__ import annotations

from collections.abc import Sequence

from grader.verdict import ERROR, Verdict


class GraderFault(Exception):  # noqa: N818 - the name is what a learner reads
    """The grader failed, not the learner: no points can be told. The message is one line."""

    def _render_traceback_(self) -> list[str]:
        # What IPython shows in place of a traceback, which would be all ours.
        return [
            f"{type(self).__name__}: {self}",
            "This is a fault of the grader or its set-up; it takes no points from you.",
        ]


def mark(verdicts: Sequence[Verdict], points: float, *, hidden: bool = False) -> float:
    """Return what an exercise's open checks, or its *hidden* ones, earn of *points*: at least 0 and at most all.

    verdicts: on all checks of the exercise. `GraderFault` when one is a fault of ours, or missing. Checks that this
    machine cannot run count for nothing: the others then share the points.
    """
    checks = [check for check in verdicts if check.hidden == hidden]
    faults = [check for check in checks if check.outcome == ERROR]
    if faults:
        raise GraderFault(f"{faults[0].check}: {faults[0].fault or 'the check could not be run'}")
    if not verdicts or len(verdicts) < max(check.checks for check in verdicts):
        raise GraderFault("not every check left a verdict")
    counted = [check for check in checks if not check.left_out]
    worth = sum(check.points for check in counted)
    if not worth:
        raise GraderFault("none of its checks can be run on this machine")
    part = sum(check.earned for check in counted) / worth
    return float(points) if part == 1 else min(max(round(part * points, 4), 0.0), float(points))
