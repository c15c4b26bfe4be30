"""Verdicts as JSON. The schema is `docs/report.schema.json`; times are in seconds of the check's clock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from grader.diagnosis.model import Diagnosis
from grader.prediction import HowLong, Prediction
from grader.ticks import to_seconds
from grader.timeline import Operation, Picture
from grader.verdict import ExerciseVerdict, Verdict

FORMAT: Final = "onedelay/report/v1"


def dumps(verdicts: Sequence[ExerciseVerdict]) -> str:
    """Return the report of a run as indented JSON."""
    report = {"format": FORMAT, "exercises": [record(verdict) for verdict in verdicts]}
    return json.dumps(report, indent=2, ensure_ascii=True) + "\n"


def record(verdict: ExerciseVerdict) -> dict[str, Any]:
    """Return the record of one exercise, as `docs/report.schema.json` describes it."""
    return {
        "exercise": verdict.exercise,
        "submission": verdict.submission,
        "outcome": verdict.outcome,
        "points": verdict.points,
        "earned": verdict.earned,
        "checks_not_run": verdict.missing,
        "diagnosis": _diagnosis(verdict.cause),
        "checks": [_check(check) for check in verdict.checks],
    }


def _check(check: Verdict) -> dict[str, Any]:
    return {
        "check": check.check,
        "node": check.node,
        "clock": check.clock,
        "outcome": check.outcome,
        "points": check.points,
        "earned": check.earned,
        "measured": check.measured or None,
        "diagnosis": _diagnosis(check),
        "timeline": _picture(check.picture),
        "prediction": _prediction(check.prediction),
        "printed": check.printed,
        "fault": check.fault or None,
        "left_out": check.left_out or None,
    }


def _diagnosis(check: Verdict | None) -> dict[str, Any] | None:
    if check is None or check.diagnosis is None:
        return None
    diagnosis: Diagnosis = check.diagnosis
    return {
        "code": diagnosis.code,
        "title": diagnosis.title,
        "seen": diagnosis.seen,
        "file": diagnosis.line.file if diagnosis.line else None,
        "line": diagnosis.line.number if diagnosis.line else None,
        "text": check.text or None,
        "why": diagnosis.mark or None,
        "try": diagnosis.hint or None,
    }


def _picture(picture: Picture | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    return {
        "delay": to_seconds(picture.delay),
        "elapsed": to_seconds(picture.end - picture.start),
        "yours": [_operation(operation, picture) for operation in picture.yours],
        "ideal": [_operation(operation, picture) for operation in picture.ideal],
    }


def _operation(operation: Operation, picture: Picture) -> dict[str, Any]:
    end = picture.end if operation.end is None else operation.end
    return {
        "kind": operation.kind,
        "name": operation.name,
        "start": to_seconds(operation.start - picture.start),
        "end": to_seconds(end - picture.start),
        "line": operation.line.number if operation.line else None,
    }


def _prediction(prediction: Prediction | None) -> dict[str, Any] | None:
    if prediction is None:
        return None
    told: dict[str, Any] = {"program": prediction.program, "right": prediction.right}
    if isinstance(prediction, HowLong):
        spans = [
            {"name": span.name, "start": to_seconds(span.start), "end": to_seconds(span.end)}
            for span in prediction.spans
        ]
        return {**told, "seconds": prediction.seconds, "took": to_seconds(prediction.took), "spans": spans}
    said = [{"line": told.text, "at": to_seconds(told.at)} for told in prediction.said]
    return {**told, "lines": list(prediction.lines), "said": said, "differs": prediction.differs}
