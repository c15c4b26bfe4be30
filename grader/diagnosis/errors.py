"""Diagnoses of an exception that came out of the learner's code: the known ones by cause, then any."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from grader.diagnosis.model import Diagnosis, Rule
from grader.evidence import Evidence, Raised, RemoteError
from grader.timeline import Line, peak


class _Known(NamedTuple):
    """An exception whose cause is known from its type and message (and, where given, the text of its line)."""

    code: str
    title: str
    error: str
    message: str
    mark: str
    hint: str
    text: str = ""


_KNOWN: Final = (
    _Known(
        "exits",
        "ended the program",
        "SystemExit",
        "",
        "this ends the whole program, not only the function",
        "return a value or raise an exception instead of exiting.",
    ),
    _Known(
        "recursion-too-deep",
        "recursed too deeply",
        "RecursionError",
        "",
        "the function calls itself without an end",
        "check the condition that should stop the recursion, or use a loop.",
    ),
    _Known(
        "asked-for-input",
        "asked for keyboard input",
        "EOFError",
        "reading a line",
        "nobody is at the keyboard while the program is graded",
        "take the values from the function's arguments.",
    ),
    _Known(
        "stopped-at-a-breakpoint",
        "stopped at a breakpoint",
        "BdbQuit",
        "",
        "nobody is at the keyboard while the program is graded",
        "to debug, run the same command with --in-process; remove the breakpoint for a grade.",
    ),
    _Known(
        "nested-loop",
        "started a second event loop",
        "RuntimeError",
        "asyncio.run\\(\\) cannot be called|event loop is already running|while another loop is running",
        "an event loop already runs this coroutine; a second one cannot run inside it",
        "`await` the coroutine instead of running it; in a plain function, do the work without a coroutine.",
    ),
    _Known(
        "client-closed-too-early",
        "closed the client too early",
        "RuntimeError",
        "client has been closed",
        "the requests start when they are awaited; by then the `async with` block had closed the client",
        "await inside the `async with` block.",
    ),
    _Known(
        "bound-to-another-loop",
        "kept something from an earlier event loop",
        "RuntimeError",
        "bound to a different event loop|attached to a different loop|Event loop is closed",
        "what waits or connects belongs to the loop it was first used in; a second asyncio.run() has another",
        "create it inside the function, not at the top of the module.",
    ),
    _Known(
        "gathered-a-list",
        "gave gather a list",
        "TypeError|RuntimeError",
        "unhashable type: '(list|generator|set)'|An asyncio.Future, a coroutine|Task got bad yield: <coroutine",
        "gather wants the awaitables themselves, not a list of them",
        "unpack the list: gather(*coroutines).",
        r"gather\((?!\s*\*)",
    ),
    _Known(
        "never-awaited",
        "forgot an await",
        "(TypeError|AttributeError)",
        "'(coroutine|_GatheringFuture|Task|_asyncio.Future)'( object| and |$)|non-iterable coroutine object",
        "this is still a coroutine: calling it does not run it",
        "put `await` before the call whose value you need.",
    ),
    _Known(
        "awaited-a-value",
        "awaited something that cannot be awaited",
        "TypeError",
        "can't be used in 'await' expression|can.t be awaited",
        "this value is already there; there is nothing to wait for",
        "remove the `await`, or await the coroutine that makes the value.",
    ),
    _Known(
        "wrong-request",
        "asked for something that is not there",
        "ConnectError",
        "nothing answers",
        "no such page in this exercise",
        "compare the address with the one in the exercise's README.",
    ),
)


def awaited_too_early(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of gather being given what is not awaitable: answers, or functions."""
    error = _raised(evidence)
    if error is None or not error.is_a("TypeError"):
        return None
    # gather looks its arguments up in a dict first, which is as far as answers that are lists or dicts get.
    unhashable = "unhashable type" in _message(error) and re.search(r"gather\(\s*\*", _statement(evidence, error))
    if not unhashable and "or an awaitable is required" not in _message(error):
        return None
    if re.search(r"gather\(\s*(?!\*)[^;\[\]]*\)\s+(async\s+)?for\b", _statement(evidence, error)):
        return None  # a generator that was not unpacked
    rows = evidence.timeline.rows()
    if re.search(r"\bawait\b[^#]*\bawait\b", _statement(evidence, error)) or len(rows) > 1:
        until = evidence.timeline.end
        seen = f"{error.name}: {_message(error)}"
        if len(rows) > 1 and peak(rows, until) == 1:
            seen = f"{len(rows)} operations ran one after another, and then: {seen}."
        return Diagnosis(
            "awaited-too-early",
            "awaited before gathering",
            seen,
            _await_in_list(evidence, error),
            "the `await` inside the list runs first, one by one; gather then gets answers",
            "put the coroutines into the list, without `await`, and await the gather.",
            pictured=len(rows) > 1,
        )
    if unhashable:
        return None
    return Diagnosis(
        "gathered-functions",
        "gave gather functions",
        f"{error.name}: {_message(error)}",
        error.line,
        "these are functions (or plain values), not coroutines",
        "call each function: gather(f(), f()), not gather(f, f).",
    )


def known_error(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of an exception whose cause is known."""
    error = _raised(evidence)
    if error is None:
        return None
    for known in _KNOWN:
        names = re.fullmatch(known.error, error.types[0].rpartition(".")[2]) or (
            error.leaves and any(error.is_a(name) for name in re.findall(r"\w+", known.error))
        )
        if not names or not re.search(known.message, _message(error)):
            continue
        if known.text and not re.search(known.text, _statement(evidence, error)):
            continue
        seen = f"{error.name}: {_message(error)}" if _message(error) else f"{error.name} was raised."
        return Diagnosis(known.code, known.title, seen, error.line, known.mark, known.hint)
    return None


def raised(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of any other exception."""
    error = _raised(evidence)
    if error is None or not isinstance(evidence.failure, Raised):
        return None
    name, message = error.name, _message(error)
    return Diagnosis(
        "raised",
        f"raised {name.rpartition('.')[2]}",
        f"{evidence.failure.function}() raised {name}: {message}" if message else f"it raised {name}.",
        error.line or evidence.definition(evidence.failure.function),
        "raised here" if error.line else "",
        "read the message and the line together; then mend the cause.",
    )


def _raised(evidence: Evidence) -> RemoteError | None:
    return evidence.failure.error if isinstance(evidence.failure, Raised) else None


def _message(error: RemoteError) -> str:
    while error.leaves:
        error = error.leaves[0]
    return error.message


def _statement(evidence: Evidence, error: RemoteError) -> str:
    """Return the text from the error's line on, up to five lines: a call may be spread over several."""
    line = error.line
    if line is None:
        return ""
    lines = evidence.source.get(line.file, ())
    return " ".join(text.strip() for text in lines[line.number - 1 : line.number + 4])


def _await_in_list(evidence: Evidence, error: RemoteError) -> Line | None:
    waits = [wait for wait in evidence.timeline.waits if wait.chain and wait.end != wait.start]
    steps = [wait.chain[0].line for wait in sorted(waits, key=lambda wait: wait.kind == "other")]
    return steps[0] if steps else error.line


ERRORS: Final[tuple[Rule, ...]] = (awaited_too_early, known_error, raised)
