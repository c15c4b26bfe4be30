"""What the test of an exercise states about values. Raises `CheckFailed`, which a diagnosis explains."""

from __future__ import annotations

from typing import Any

from grader.evidence import CheckFailed, Mismatch, Said


def expect_equal(seen: Any, expected: Any, what: str = "the result") -> None:
    """Expect a value; *what* names it in the learner's words.."""
    if seen != expected or (type(seen) is bool) is not (type(expected) is bool):
        raise CheckFailed(Mismatch(what, seen, expected))


def fail(code: str, title: str, seen: str, **parts: Any) -> None:
    """Fail the check with a diagnosis of the exercise's own; *parts*: line, mark, hint, as in `Said`."""
    raise CheckFailed(Said(code, title, seen, **parts))
