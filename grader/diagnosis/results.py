"""Diagnoses of a wrong result."""

from __future__ import annotations

from typing import Any, Final

from grader.diagnosis.model import Diagnosis, Rule, shorten
from grader.evidence import Clients, Evidence, Mismatch, NotRaised, Said
from grader.timeline import Line
from grader.values import Opaque


def error_ignored(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of an error that was not passed on."""
    failure = evidence.failure
    if not isinstance(failure, NotRaised):
        return None
    return Diagnosis(
        "error-ignored",
        f"raised no {failure.expected}",
        f"{failure.because}, but {failure.function}() returned as if all were well; {failure.expected} was expected.",
        evidence.returned,
        "an error answer is passed on as a result",
        "check each answer before you use it, and let the error reach the caller.",
    )


def wrong_order(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of the right values in the wrong order."""
    failure = evidence.failure
    if not isinstance(failure, Mismatch) or not isinstance(failure.seen, list | tuple):
        return None
    if not isinstance(failure.expected, list | tuple) or not _same_items(failure.seen, failure.expected):
        return None
    place = next(i for i, pair in enumerate(zip(failure.seen, failure.expected, strict=True)) if pair[0] != pair[1])
    return Diagnosis(
        "wrong-order",
        "right answers, wrong order",
        f"{failure.what}: all there, but in another order; item {place + 1} is {shorten(failure.seen[place], 34)} "
        f"instead of {shorten(failure.expected[place], 34)}.",
        evidence.returned,
        "the results are in the order in which they arrived (or were sorted), not in which they were asked for",
        "keep each result at the place of its request; gather does that for you.",
    )


def wrong_type(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a value of another type than was asked for."""
    failure = evidence.failure
    if not isinstance(failure, Mismatch):
        return None
    seen, expected = failure.seen, failure.expected
    where = ""
    listed = isinstance(seen, list | tuple) and isinstance(expected, list | tuple) and seen and expected
    if listed and type(_first(seen)) is not type(_first(expected)):
        seen, expected, where = _first(seen), _first(expected), "a list of "
    if type(seen) is type(expected) or {type(seen), type(expected)} <= {int, float}:
        return None
    got = seen.type if isinstance(seen, Opaque) else type(seen).__name__
    return Diagnosis(
        "wrong-type",
        "returned something else",
        f"{failure.what}: got {where}{got} ({shorten(seen, 40)}); expected {where}{type(expected).__name__}.",
        evidence.returned,
        "nothing is returned here" if failure.seen is None else "",
        "return the plain values that the task asks for.",
    )


def wrong_value(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of any other wrong value."""
    failure = evidence.failure
    if not isinstance(failure, Mismatch):
        return None
    return Diagnosis(
        "wrong-result",
        "wrong result",
        f"{failure.what}: got {_differing(failure.seen, failure.expected)}",
        evidence.returned,
        hint="compare the two, and follow the first difference back to your code.",
    )


def clients(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of HTTP clients that are not shared, or not closed."""
    failure = evidence.failure
    if not isinstance(failure, Clients):
        return None
    opened = failure.clients
    if not opened:
        return Diagnosis(
            "no-client", "used no client", "no httpx client was opened.", hint="use one httpx.AsyncClient."
        )
    if len(opened) > 1:
        return Diagnosis(
            "client-per-request",
            f"opened {len(opened)} clients",
            f"{len(opened)} clients were opened where one is enough.",
            opened[0].line,
            "each client builds its own connection pool and TLS context",
            "open one client, `async with httpx.AsyncClient() as client:`, and share it.",
        )
    return Diagnosis(
        "client-left-open",
        "left the client open",
        "the client was still open when the function had returned.",
        opened[0].line,
        "opened here, and never closed: its connections stay open",
        "use `async with httpx.AsyncClient() as client:`.",
    )


def said(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis that the check itself gave."""
    failure = evidence.failure
    if not isinstance(failure, Said):
        return None
    line: Line | None = failure.line or evidence.returned
    return Diagnosis(
        failure.code, failure.title, failure.seen, line, failure.mark, failure.hint, pictured=failure.pictured
    )


def _first(values: Any) -> Any:
    return next(iter(values))


def _same_items(left: Any, right: Any) -> bool:
    if len(left) != len(right) or list(left) == list(right):
        return False
    rest = list(right)
    for item in left:
        if item not in rest:
            return False
        rest.remove(item)
    return True


def _differing(seen: Any, expected: Any) -> str:
    if isinstance(seen, list | tuple) and isinstance(expected, list | tuple):
        if len(seen) != len(expected):
            return f"{len(seen)} items, expected {len(expected)}: {shorten(seen, 60)}."
        for place, (got, wanted) in enumerate(zip(seen, expected, strict=True), 1):
            if got != wanted:
                return f"{shorten(got, 40)} at place {place}; expected {shorten(wanted, 40)}."
    return f"{shorten(seen, 60)}; expected {shorten(expected, 60)}."


RESULTS: Final[tuple[Rule, ...]] = (said, wrong_order, wrong_type, wrong_value, error_ignored, clients)
