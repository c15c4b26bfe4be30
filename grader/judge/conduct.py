"""Runs one check from its first call to its verdict. It knows no pytest: the check's body is a callable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from grader.diagnosis.model import delays
from grader.evidence import Died, Failure, Said, Timing
from grader.judge.check import Check
from grader.judge.submission import failure_of
from grader.ticks import to_seconds
from grader.timeline import Picture, picture
from grader.verdict import ERROR, FAIL, NOT_RUN, PASS, Verdict

ATTEMPTS: Final = 3  # on the real clock: noise only ever adds, so the best of three counts
MAX_PRINTED: Final = 5_000


@dataclass(frozen=True)
class Task:
    """What is to be judged: the check's title, pytest id and worth; the exercise's number of checks and points.

    hidden: its details are not for the learner.
    """

    title: str
    node: str
    points: float
    checks: int
    total: float
    hidden: bool = False


def conduct(
    check: Check, task: Task, body: Callable[[], object], loop: Callable[[], asyncio.AbstractEventLoop]
) -> Verdict:
    """Run *body* and return its verdict.

    An exception that is no failure of the learner's is raised again after clean-up: it is the grader's own.
    loop: returns the event loop of the check, once the body has run.
    """
    attempts = 1 if check.rules.virtual else ATTEMPTS
    for left in reversed(range(attempts)):
        try:
            failure = _attempt(check, body, loop)
            verdict = _verdict(check, task, failure)
        except BaseException:
            check.give_up()
            raise
        finally:
            check.close()
        if not (left and isinstance(failure, Timing) and failure.delays > failure.at_most):
            break
        check.reset()
    return verdict


def not_run(check: Check, task: Task, left_out: str = "") -> Verdict:
    """Return the verdict of a check that is not run; *left_out*: why this machine cannot run it."""
    return replace(_blank(check, task), outcome=NOT_RUN, left_out=left_out)


def fault(check: Check, task: Task, reason: str) -> Verdict:
    """Return the verdict of a check that the grader itself could not run."""
    return replace(_blank(check, task), outcome=ERROR, fault=reason, prediction=None)


def _attempt(check: Check, body: Callable[[], object], loop: Callable[[], asyncio.AbstractEventLoop]) -> Failure | None:
    failure = None
    try:
        body()
    except Exception as error:
        failure = _failure(error)
        if failure is None:
            raise
    loop().run_until_complete(check.settle())
    failure = failure or check.unsettled  # to pass, a candidate must have told what it left behind
    if failure is None or isinstance(failure, Timing):
        failure = _held_too_long(check) or failure
    return failure


def _failure(error: Exception) -> Failure | None:
    failure = failure_of(error)
    if failure is None and isinstance(error, AssertionError):
        text = str(error).partition("\nassert ")[0] or "the result is not the expected one"
        failure = Said("wrong-result", "not right yet", text)
    if failure is None and isinstance(error, BaseExceptionGroup):
        failure = next((found for found in map(failure_of, error.exceptions) if found is not None), None)
    return failure


def _held_too_long(check: Check) -> Failure | None:
    # Known only afterwards: a call may take one delay in all and yet let nobody else run meanwhile.
    if check.allowed_hold is None or check.timing is None:
        return None
    hold = check.timeline().longest_hold()
    return check.timing if hold is not None and hold.length > check.allowed_hold else None


def _verdict(check: Check, task: Task, failure: Failure | None) -> Verdict:
    blank = _blank(check, task)
    if failure is None and not check.rules.drawn:
        return replace(blank, outcome=PASS)
    if failure is None:
        unit = check.timing.delay if check.timing is not None else check.delay
        return replace(blank, outcome=PASS, picture=picture(check.timeline(), unit))
    from grader.diagnosis.rules import diagnose  # noqa: PLC0415 - a right submission needs none of it

    evidence = check.evidence(failure)
    diagnosis, rank = diagnose(evidence)
    delay = failure.delay if isinstance(failure, Timing) else check.delay
    drawn: Picture | None = picture(evidence.timeline, delay) if diagnosis.pictured else None
    hung = blank.hung or (isinstance(failure, Died) and failure.how == "limit")
    text = evidence.text(diagnosis.line)
    return replace(blank, outcome=FAIL, diagnosis=diagnosis, rank=rank, text=text, picture=drawn, hung=hung)


def _blank(check: Check, task: Task) -> Verdict:
    return Verdict(
        exercise=check.exercise.name,
        check=task.title,
        node=task.node,
        outcome=PASS,
        points=task.points,
        clock="virtual" if check.rules.virtual else "real",
        measured=_measured(check.timing),
        printed=check.printed()[:MAX_PRINTED],
        hung=check.hung,
        submission=str(check.submission),
        checks=task.checks,
        total=task.total,
        hidden=task.hidden,
        prediction=None if task.hidden else check.prediction,
    )


def _measured(timing: Timing | None) -> str:
    if timing is None:
        return ""
    took, delay, serial = to_seconds(timing.elapsed), to_seconds(timing.delay), to_seconds(timing.delay) * timing.serial
    if timing.real:
        return f"{took:.2f} s; one delay is {delay:.2f} s, one after another would be {serial:.1f} s"
    return f"{delays(timing.delays)}; {timing.ideal:g} is ideal, one after another is {timing.serial:g}"
