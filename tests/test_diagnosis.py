"""From evidence to a named cause and its line. Each code of each rule is triggered at least once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import grader.diagnosis
from grader.diagnosis.rules import RULES, diagnose
from grader.diagnosis.timing import blame
from grader.evidence import (
    Broken,
    Client,
    Clients,
    Deadlocked,
    Died,
    Endless,
    Evidence,
    Failure,
    Frame,
    Left,
    Leftover,
    Mismatch,
    Missing,
    NoFile,
    NotRaised,
    Raised,
    RemoteError,
    Said,
    Swallowed,
    Timing,
    Waiter,
    WrongKind,
)
from grader.ticks import TICKS_PER_SECOND as SECOND
from grader.timeline import Hold, Line, Operation, Step, Timeline, Wait
from grader.values import Opaque

FILE = "f.py"
HERE = Line(FILE, 2)


def _error(name: str, message: str = "", line: Line | None = HERE, *leaves: RemoteError) -> RemoteError:
    types = (name if "." in name else f"builtins.{name}", "builtins.Exception", "builtins.BaseException")
    return RemoteError(types, message, () if line is None else (Frame(line, "f"),), leaves)


def _raised(name: str, message: str = "") -> Raised:
    return Raised("f", _error(name, message))


def _timing(delays: float, *, real: bool = False) -> Timing:
    return Timing(round(delays * SECOND), SECOND, 1, 1, 3, 50, real)


def _requests(*spans: tuple[float, float]) -> tuple[Operation, ...]:
    return tuple(
        Operation("request", round(start * SECOND), round(end * SECOND), "url", HERE, number)
        for number, (start, end) in enumerate(spans, 1)
    )


def _timeline(end: float, *spans: tuple[float, float], **parts: Any) -> Timeline:
    return Timeline(0, round(end * SECOND), _requests(*spans), **parts)


QUIET = _timeline(0)
SERIAL = _timeline(4, (0, 1), (1, 2), (2, 3), (3, 4))
PAIRS = _timeline(4, (0, 2), (0, 2), (2, 4), (2, 4))
TOGETHER = _timeline(4, (0, 4), (0, 4))
HELD = _timeline(4, holds=(Hold(0, 4 * SECOND, "time.sleep", HERE),))
COROUTINE = Opaque("coroutine", "<coroutine object g>", "coroutine")
NO_AWAITABLE = _raised("TypeError", "An asyncio.Future, a coroutine or an awaitable is required")
GATHER = "    await gather({})  # a comment"


@dataclass(frozen=True)
class Case:
    """Evidence, and what is to be said about it. text: the second line of the learner's file."""

    code: str
    failure: Failure
    timeline: Timeline = QUIET
    line: Line | None = HERE
    text: str = "    something()"
    more: dict[str, Any] = field(default_factory=dict)

    def evidence(self) -> Evidence:
        """Return the evidence."""
        source: dict[str, tuple[str, ...]] = {FILE: ("async def f(urls):", self.text, "    return urls")}
        return Evidence(self.failure, self.timeline, source=source, **self.more)


LEFTOVER = (Leftover("g", HERE, "no"),)
LATE = {"returned": Line(FILE, 3)}
CASES = (
    Case("no-file", NoFile("f.py", "is missing"), line=None),
    Case("no-file", NoFile("f.py", "is empty"), line=None),
    Case(
        "syntax-error",
        Broken(
            RemoteError(
                ("builtins.SyntaxError",),
                "",
                syntax={"line": HERE, "text": "x =", "column": 3, "why": "invalid syntax"},
            )
        ),
    ),
    Case("broken-at-import", Broken(_error("ZeroDivisionError", "division by zero"))),
    Case("broken-at-import", Broken(_error("RuntimeError", "no")), text="asyncio.run(f())"),
    Case("exits", Broken(_error("SystemExit", "1"))),
    Case("missing-function", Missing("f", None, None), line=None),
    Case("missing-function", Missing("f", "fetch", None), line=None),
    Case("missing-function", Missing("f", None, "a value"), line=None),
    Case("missing-function", Missing("LIMIT", None, None, "value"), line=None),
    Case("not-a-coroutine", WrongKind("f", "async def", "a plain function", [1]), line=Line(FILE, 1)),
    Case("not-a-coroutine", WrongKind("f", "async def", "an async generator", None), line=Line(FILE, 1)),
    Case("unexpected-coroutine", WrongKind("f", "def", "a coroutine function", COROUTINE), line=Line(FILE, 1)),
    Case("not-started", _raised("NotImplementedError")),
    Case("never-ends", Died("limit", "10", (HERE,))),
    Case("never-ends", Died("limit", "10"), line=None),
    Case("crashed", Died("signal", "SIGSEGV", (HERE,))),
    Case("used-too-much", Died("bound", "1024 MB of memory", (HERE,))),
    Case("broke-the-channel", Died("wire", "not a message"), line=None),
    Case("exits", Died("exit", "3", (HERE,))),
    Case("deadlocked", Deadlocked((Waiter("f()", HERE), Waiter("thread T", Line(FILE, 3))))),
    Case("deadlocked", Deadlocked(()), line=None),
    Case("never-ends", Endless(86_400.0, (Waiter("f()", HERE),))),
    Case("swallowed-cancellation", Swallowed("f", "returned"), text="    except asyncio.CancelledError:"),
    Case("swallowed-cancellation", Swallowed("f", "kept running"), text="    except:  # everything"),
    Case("swallowed-cancellation", Swallowed("f", "returned"), line=None),
    Case("exits", _raised("SystemExit", "1")),
    Case("recursion-too-deep", _raised("RecursionError", "maximum recursion depth exceeded")),
    Case("asked-for-input", _raised("EOFError", "EOF when reading a line")),
    Case("stopped-at-a-breakpoint", _raised("bdb.BdbQuit")),
    Case("nested-loop", _raised("RuntimeError", "asyncio.run() cannot be called from a running event loop")),
    Case("nested-loop", _raised("RuntimeError", "This event loop is already running")),
    Case("client-closed-too-early", _raised("RuntimeError", "Cannot send a request, as the client has been closed.")),
    Case("bound-to-another-loop", _raised("RuntimeError", "<Lock> is bound to a different event loop")),
    Case("bound-to-another-loop", _raised("RuntimeError", "Event loop is closed")),
    Case("gathered-a-list", _raised("TypeError", "unhashable type: 'list'"), text=GATHER.format("tasks")),
    Case("gathered-a-list", NO_AWAITABLE, text=GATHER.format("g(url) for url in urls")),
    Case(
        "gathered-a-list",
        _raised("RuntimeError", "Task got bad yield: <coroutine>"),
        text=GATHER.format("g() for _ in x"),
    ),
    Case("gathered-functions", NO_AWAITABLE, text=GATHER.format("g, g")),
    Case("gathered-functions", NO_AWAITABLE, text="await gather(g, g); [print(x) for x in urls]"),
    Case("awaited-too-early", NO_AWAITABLE, text=GATHER.format("*[await g(url), await g(url)]")),
    Case("awaited-too-early", NO_AWAITABLE, SERIAL, text=GATHER.format("*answers")),
    Case("awaited-too-early", _raised("TypeError", "unhashable type: 'list'"), text=GATHER.format("*[await g(url)]")),
    Case("raised", _raised("TypeError", "unhashable type: 'dict'"), text=GATHER.format("*answers")),
    Case("never-awaited", _raised("TypeError", "'coroutine' object is not iterable")),
    Case("never-awaited", _raised("TypeError", "cannot unpack non-iterable coroutine object")),
    Case("never-awaited", _raised("TypeError", "unsupported operand type(s) for +: 'int' and 'coroutine'")),
    Case("never-awaited", _raised("AttributeError", "'_asyncio.Future' object has no attribute 'json'")),
    Case("awaited-a-value", _raised("TypeError", "object dict can't be used in 'await' expression")),
    Case("awaited-a-value", _raised("TypeError", "'list' object can't be awaited")),
    Case("wrong-request", _raised("httpx.ConnectError", "nothing answers GET https://weather.test/x")),
    Case("raised", _raised("ValueError", "no such city")),
    Case("raised", Raised("f", _error("ValueError", line=None)), line=Line(FILE, 1)),
    Case("never-awaited", Mismatch("the result", [], [1]), more={"never_awaited": LEFTOVER}),
    Case("never-awaited", Mismatch("the result", COROUTINE, 1), line=Line(FILE, 3), more=LATE),
    Case("never-awaited", Mismatch("the result", [COROUTINE], [1]), line=Line(FILE, 3), more=LATE),
    Case("leaked-task", Left(), more={"tasks_left": LEFTOVER * 5}),
    Case("leaked-task", _timing(0), more={"tasks_left": LEFTOVER}),
    Case("unretrieved-exception", Left(), more={"unretrieved": LEFTOVER}),
    Case("thread-left-running", Left(), more={"threads_left": LEFTOVER}),
    Case("blocked-the-loop", _timing(4), HELD),
    Case("blocked-the-loop", _timing(2), HELD),
    Case("ran-sequentially", _timing(4), SERIAL),
    Case("ran-in-batches", _timing(4), PAIRS),
    Case("waited-too-long", _timing(4), TOGETHER),
    Case("waited-too-long", _timing(4), line=None),
    Case("slow-for-real", _timing(4, real=True), TOGETHER),
    Case("did-not-wait", _timing(0), line=Line(FILE, 3), more=LATE),
    Case("wrong-order", Mismatch("the cities", [2, 1], [1, 2]), line=Line(FILE, 3), more=LATE),
    Case("wrong-type", Mismatch("the result", None, [1]), line=Line(FILE, 3), more=LATE),
    Case("wrong-type", Mismatch("the result", ["1"], [1]), line=Line(FILE, 3), more=LATE),
    Case("wrong-type", Mismatch("the result", Opaque("httpx.Response", "<R>", "object"), {}), line=None),
    Case("wrong-result", Mismatch("the result", [1, 2, 4], [1, 2, 3]), line=Line(FILE, 3), more=LATE),
    Case("wrong-result", Mismatch("the result", [1], [1, 2]), line=None),
    Case("wrong-result", Mismatch("the result", 1, 2), line=None),
    Case("wrong-result", Left(), line=None),
    Case("error-ignored", NotRaised("HTTPStatusError", "it answered 404", "f"), line=Line(FILE, 3), more=LATE),
    Case("no-client", Clients(()), line=None),
    Case("client-per-request", Clients((Client(1, HERE, closed=True), Client(2, HERE, closed=True)))),
    Case("client-left-open", Clients((Client(1, HERE, closed=False),))),
    Case("of-the-check", Said("of-the-check", "so it says", "this and that"), line=None),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_diagnosis(case: Case) -> None:
    """Each failure has its code and its line, in words that a report can show."""
    diagnosis, rank = diagnose(case.evidence())

    assert (diagnosis.code, diagnosis.line) == (case.code, case.line)
    assert 0 <= rank <= len(RULES)
    assert diagnosis.title
    assert diagnosis.seen
    assert diagnosis.mark == "" or diagnosis.line is not None
    for text in (diagnosis.title, diagnosis.seen, diagnosis.mark, diagnosis.hint):
        assert "None" not in text.replace("NoneType", "") or "got None" in text
        assert "  " not in text
        assert text == text.strip()


def test_every_code_has_a_case() -> None:
    """No rule can give a code that no case above triggers."""
    folder = Path(grader.diagnosis.__file__).parent
    codes = {code for file in folder.glob("*.py") for code in _codes(ast.parse(file.read_text("utf-8")))}

    assert codes - {case.code for case in CASES} == set()


def _codes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Diagnosis", "_Known"} and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant):
                yield str(first.value)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith(("code", "(code")):
            value = node.value.elts[0] if isinstance(node.value, ast.Tuple) else node.value
            if isinstance(value, ast.Constant):
                yield str(value.value)


@pytest.mark.parametrize(("why", "hint"), [("time.sleep", "asyncio.sleep"), ("lock", "await it"), ("join", "await it")])
def test_a_hold_that_cost_no_time(why: str, hint: str) -> None:
    """Threads overlapped while the loop was held: no time was lost, so none is spoken of."""
    one = Case("", _timing(1), _timeline(1, holds=(Hold(0, SECOND, why, HERE),)))

    diagnosis, _ = diagnose(one.evidence())

    assert diagnosis.code == "blocked-the-loop"
    assert "possible" not in diagnosis.seen
    assert hint in diagnosis.hint


def test_a_group_is_known_by_its_leaves() -> None:
    """An exception group is named by what is in it, and its line is that of its first exception."""
    leaf = _error("RuntimeError", "Event loop is closed", HERE)
    group = _error("ExceptionGroup", "unhandled errors (1 sub-exception)", Line(FILE, 3), leaf)

    diagnosis, _ = diagnose(Case("", Raised("f", group)).evidence())

    assert (diagnosis.code, diagnosis.line) == ("bound-to-another-loop", HERE)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (Case("", _timing(4), SERIAL), ["4 requests took 4 delays", "at most 1 was in flight", "1 delay was possible"]),
        (Case("", _timing(4), PAIRS), ["4 requests took 4 delays", "at most 2 were in flight"]),
        (Case("", _timing(4), HELD), ["time.sleep", "4 delays"]),
        (Case("", _timing(0)), ["0 delays", "1 delay"]),
        (
            Case("", Deadlocked((Waiter("f()", HERE), Waiter("thread T", Line(FILE, 3))))),
            ["f() at line 2", "thread T at"],
        ),
        (Case("", Missing("f", "fetch", None)), ["no function f()", "it has fetch()"]),
        (Case("", Missing("Limit", None, None, "class")), ["no class Limit."]),
        (Case("", Mismatch("the cities", [1, 2, 4], [1, 2, 3])), ["4 at place 3", "expected 3"]),
        (Case("", Left(), more={"tasks_left": LEFTOVER}), ["1 task", "(g)", "was still running"]),
    ],
)
def test_what_was_seen(case: Case, words: list[str]) -> None:
    """The sentence says what was seen, and what was expected."""
    diagnosis, _ = diagnose(case.evidence())

    for word in words:
        assert word in diagnosis.seen


def _waits(*waits: tuple[int, int | None, str, int | None, list[tuple[int, int]]]) -> tuple[Wait, ...]:
    return tuple(
        Wait(task, parent, kind, operation, tuple(Step(c, Line(FILE, n)) for c, n in chain), 0, SECOND)
        for task, parent, kind, operation, chain in waits
    )


BLAMES = {
    "in one task, the line that repeats": (
        _waits((1, None, "request", 1, [(10, 2), (11, 7)]), (1, None, "request", 2, [(10, 2), (12, 7)])),
        2,
    ),
    "in one task, without chains, the request": ((), 2),
    "in tasks awaited one by one, where the parent waits": (
        _waits(
            (1, None, "other", None, [(10, 4)]),
            (2, 1, "request", 1, [(11, 7)]),
            (1, None, "other", None, [(10, 4)]),
            (3, 1, "request", 2, [(12, 7)]),
        ),
        4,
    ),
    "in tasks that queue, where they queue": (
        _waits(
            (1, None, "other", None, [(10, 4)]),
            (2, 1, "request", 1, [(11, 7)]),
            (3, 1, "other", None, [(12, 6)]),
            (3, 1, "request", 2, [(12, 7)]),
        ),
        6,
    ),
}


@pytest.mark.parametrize("name", BLAMES)
def test_blame(name: str) -> None:
    """The line that keeps operations from overlapping is found in one task, in tasks, and at a lock."""
    waits, number = BLAMES[name]
    timeline = _timeline(2, (0, 1), (1, 2), waits=waits)

    assert blame(timeline, timeline.rows()) == Line(FILE, number)


def test_no_rule_breaks_on_bare_evidence() -> None:
    """A failure with nothing else known still has a diagnosis: no line, no error of ours."""
    for case in CASES:
        diagnosis, _ = diagnose(Evidence(case.failure, Timeline(0, 0)))
        assert diagnosis.code
