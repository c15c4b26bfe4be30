"""Diagnoses of a submission that cannot be called: no file, no module, no such function."""

from __future__ import annotations

from typing import Final

from grader.diagnosis.model import Diagnosis, Rule, shorten
from grader.evidence import Broken, Evidence, Missing, NoFile, Raised, WrongKind


def no_file(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a missing or empty file."""
    failure = evidence.failure
    if not isinstance(failure, NoFile):
        return None
    hint = "write your solution there, or name another file with --submission PATH."
    return Diagnosis("no-file", f"the file {failure.why}", f"{failure.path} {failure.why}.", hint=hint)


def syntax_error(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a file that Python cannot read."""
    failure = evidence.failure
    if not isinstance(failure, Broken) or failure.error.syntax is None:
        return None
    syntax = failure.error.syntax
    return Diagnosis(
        "syntax-error",
        "Python cannot read the file",
        f"{failure.error.name}: {syntax['why']}.",
        syntax["line"],
        caret=syntax["column"],
        hint="mend this line first; nothing of the file has run yet.",
    )


def not_started(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of the untouched stub."""
    failure = evidence.failure
    if not isinstance(failure, Raised) or failure.error.types[0] != "builtins.NotImplementedError":
        return None
    if failure.error.line is None:
        return None
    return Diagnosis(
        "not-started",
        "not started",
        f"{failure.function}() still raises NotImplementedError.",
        failure.error.line,
        "your code goes here",
        "replace this line, then run the same command again.",
    )


def broken_at_import(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a file that raises while it is loaded."""
    failure = evidence.failure
    if not isinstance(failure, Broken):
        return None
    error = failure.error
    code, mark = "broken-at-import", "raised while the file was being loaded, before any function was called"
    hint = "run the file with python to see the same error, and mend it first."
    if error.is_a("SystemExit"):
        code, hint = "exits", "remove the exit, or put it under `if __name__ == '__main__':`."
    elif "asyncio.run" in evidence.text(error.line):
        hint = "put the call under `if __name__ == '__main__':`, so that loading the file runs nothing."
    return Diagnosis(code, "the file fails when loaded", f"{error.name}: {error.message}", error.line, mark, hint)


def missing_function(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a function that is not there."""
    failure = evidence.failure
    if not isinstance(failure, Missing):
        return None
    noun, called = (failure.kind, "") if failure.kind in {"class", "value"} else ("function", "()")
    seen = f"the file defines no {noun} {failure.function}{called}"
    if failure.found:
        seen = f"{failure.function} is {failure.found}, not a {noun}"
    hint = f"define {failure.function}{called} as the exercise's README says."
    if failure.near:
        seen, hint = f"{seen}; it has {failure.near}{called}", f"rename {failure.near} to {failure.function}."
    return Diagnosis("missing-function", f"{failure.function}{called} is missing", f"{seen}.", hint=hint)


def wrong_kind(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a plain function in a coroutine's place, or the reverse."""
    failure = evidence.failure
    if not isinstance(failure, WrongKind):
        return None
    line = evidence.definition(failure.function)
    if failure.expected == "def":
        return Diagnosis(
            "unexpected-coroutine",
            f"{failure.function}() should be a plain function",
            f"calling {failure.function}() gave a coroutine; a plain call should return the value itself.",
            line,
            "`async def` makes every call return a coroutine that somebody must await",
            "write `def`: this function has nothing to await.",
        )
    seen = f"{failure.function}() is {failure.seen}"
    if failure.seen == "an async generator":
        mark, hint = "a `yield` in it makes it an async generator", "collect the values, and `return` them at the end."
    else:
        seen += f"; it returned {shorten(failure.value, 50)}"
        mark = "without `async def` the call runs to its end before anybody can await it"
        hint = f"define it as `{failure.expected}`."
    title = f"{failure.function}() cannot be awaited"
    return Diagnosis("not-a-coroutine", title, f"{seen}; something to await was expected.", line, mark, hint)


LOADING: Final[tuple[Rule, ...]] = (
    no_file,
    syntax_error,
    broken_at_import,
    missing_function,
    wrong_kind,
    not_started,
)
