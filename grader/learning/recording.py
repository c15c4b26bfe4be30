"""Notes in a workspace's progress what a run has shown of the learner's own files. It judges nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from grader.exercise import exercise_of
from grader.learning.progress import PASSED, TRIED, NotSavedError
from grader.learning.workspace import workspace_at
from grader.verdict import FAIL, PASS, ExerciseVerdict


def record(verdicts: Iterable[ExerciseVerdict]) -> list[str]:
    """Note which exercises of a workspace were tried and which passed; return what there is to tell, a line each.

    Files that were graded in place of the learner's own say nothing of their progress.
    """
    told: dict[str, None] = {}
    for verdict in verdicts:
        what = _event(verdict)
        file = Path(verdict.submission)
        exercise = exercise_of(file.parent)
        workspace = None if exercise is None else workspace_at(exercise.folder.parent.parent)
        if what is None or exercise is None or workspace is None or file != exercise.stub:
            continue
        progress = workspace.progress
        try:
            progress.note(exercise.name, what)
        except NotSavedError as error:
            told[str(error)] = None
        told |= dict.fromkeys(progress.told)
    return list(told)


def _event(verdict: ExerciseVerdict) -> str | None:
    if verdict.outcome == PASS:
        return PASSED
    cause = verdict.cause.diagnosis if verdict.cause is not None else None
    return TRIED if verdict.outcome == FAIL and cause is not None and cause.code != "not-started" else None
