"""Whatever a candidate may send is refused or read as nothing; it never becomes an exception of the judge's own."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import httpx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader import wire
from grader.diagnosis.rules import diagnose
from grader.evidence import Broken, Deadlocked, Evidence, Failure, Left, Mismatch, NotRaised, Raised, Timing
from grader.judge import remote
from grader.judge.callables import Callables
from grader.judge.world import HttpWorld
from grader.ticks import TICKS_PER_SECOND
from grader.timeline import Operation, Timeline, picture
from grader.values import decode, encode

SECOND = TICKS_PER_SECOND
HUGE = (1 << 62, -(1 << 62), 10**400, -(10**400), 10**4000, 0, 1, -1)
# What the wire's own texts use, so that more than noise is tried; then markup, and what is no text at all.
WORDS: tuple[str, ...] = (
    "tuple",
    "set",
    "dict",
    "bytes",
    "float",
    "int",
    "namespace",
    "opaque",
    "callable",
    "type",
    "text",
    "kind",
    "id",
)
WORDS += (
    "start",
    "end",
    "line",
    "chain",
    "task",
    "parent",
    "operation",
    "name",
    "message",
    "frames",
    "types",
    "leaves",
)
WORDS += (
    "0x1",
    "-0x" + "f" * 5000,
    "nan",
    "1e999",
    "sleep",
    "request",
    "call",
    "",
    "\ud800",
    "\x1b[2J",
    "<script>",
    "\u202e",
    "\0",
)
TEXTS = st.sampled_from(WORDS) | st.text(max_size=5)
NUMBERS = (
    st.integers(-10, 10)
    | st.integers(0, 3 * SECOND)
    | st.sampled_from(HUGE)
    | st.floats(allow_nan=False, allow_infinity=False)
)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=15,
)
LINES = st.tuples(TEXTS, NUMBERS, TEXTS).map(list) | JSON


def like(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects with these fields, some missing, some of another kind."""
    return st.fixed_dictionaries({}, optional={name: values | JSON for name, values in fields.items()})


ERRORS = like(
    types=st.lists(TEXTS, max_size=3),
    message=TEXTS,
    frames=st.lists(LINES, max_size=3),
    leaves=st.lists(JSON, max_size=3),
    syntax=like(line=LINES, text=TEXTS, column=NUMBERS, why=TEXTS),
)
LEFT = st.lists(like(name=TEXTS, type=TEXTS, message=TEXTS, line=LINES), max_size=3)
EVIDENCE = like(
    holds=st.lists(like(start=NUMBERS, end=NUMBERS, why=TEXTS, line=LINES, calls=NUMBERS), max_size=3),
    waits=st.lists(
        like(
            task=NUMBERS,
            parent=NUMBERS,
            kind=st.sampled_from(["sleep", "request", "call", "other"]),
            operation=NUMBERS,
            chain=st.lists(st.tuples(NUMBERS, TEXTS, NUMBERS).map(list), max_size=3),
            start=NUMBERS,
            end=NUMBERS,
        ),
        max_size=4,
    ),
    tasks_left=LEFT,
    threads_left=LEFT,
    never_awaited=LEFT,
    unretrieved=LEFT,
)
FRAMES = st.fixed_dictionaries(
    {"type": st.sampled_from([*wire.FROM_CANDIDATE, "verdict"])},
    optional=dict.fromkeys(
        ["id", "at", "until", "names", "error", "value", "line", "text", "evidence", "waiting", "how"], JSON
    ),
)


def accepted(body: bytes) -> wire.Message | None:
    try:
        return wire.Allowance().accept(body)
    except wire.WireError:
        return None


@given(FRAMES, st.data())
def test_the_decoder_refuses_or_returns(message: wire.Message, data: st.DataObject) -> None:
    """A frame with bytes exchanged, taken out or put in is a message of the table, or a `WireError`."""
    with contextlib.suppress(ValueError):  # too many digits to be written
        body = bytearray(wire.pack(message)[wire.HEADER.size :])
        for _ in range(data.draw(st.integers(0, 4))):
            place = data.draw(st.integers(0, len(body) - 1))
            body[place : place + data.draw(st.integers(0, 2))] = data.draw(
                st.binary(max_size=3) | st.sampled_from([b"NaN", b"[[[", b"\\ud800", b"1e999", b'"type":', b"{"])
            )
            body = body or bytearray(b"{")
        found = accepted(bytes(body))
        assert found is None or found["type"] in wire.FROM_CANDIDATE


@given(JSON)
@example({"int": "0x" + "f" * 100_000})
@example([{"set": [[1]]}])
@example({"dict": [[{"dict": []}, 1]]})
def test_values_are_decoded_or_refused(data: Any) -> None:
    """Any JSON is a value that can be printed, compared and sent back, or a `ValueError`."""
    try:
        value = decode(data)
        text = repr(value)
    except ValueError:
        return
    assert isinstance(text, str)
    encode(value)


def failures(error: Any, waiting: Any) -> list[Failure]:
    """Return failures of every kind that carry what a candidate has said."""
    told = remote.remote_error(error)
    slow = Timing(3 * SECOND, SECOND, 1, 1, 1.8, 3)
    quick = Timing(0, SECOND, 1, 1, 1.8, 3)
    return [
        slow,
        quick,
        Raised("f", told),
        Broken(told),
        NotRaised("ValueError", "so", "f"),
        Left(),
        Deadlocked(remote.waiters(waiting)),
        Mismatch("it", [1, 2], [2, 1]),
    ]


@given(EVIDENCE, ERRORS, st.lists(like(who=TEXTS, line=LINES), max_size=3) | JSON)
@settings(max_examples=150)
def test_evidence_is_explained_whatever_it_says(found: dict[str, Any], error: Any, waiting: Any) -> None:
    """Every diagnosis and picture can be made from it, and written."""
    operations = tuple(
        Operation("request", start * SECOND, (start + 1) * SECOND, "GET", None, start) for start in range(3)
    )
    until = 3 * SECOND
    holds, waits = remote.holds(found.get("holds"), until), remote.waits(found.get("waits"), until)
    timeline = Timeline(0, until, operations, holds, waits)
    for failure in failures(error, waiting):
        for shown in (timeline, Timeline(0, until, (), holds, waits)):
            evidence = Evidence(
                failure,
                shown,
                tasks_left=remote.leftovers(found.get("tasks_left")),
                threads_left=remote.leftovers(found.get("threads_left")),
                never_awaited=remote.leftovers(found.get("never_awaited")),
                unretrieved=remote.leftovers(found.get("unretrieved")),
                source={"f.py": ("def f(): pass",)},
            )
            diagnosis, rank = diagnose(evidence)
            assert rank >= 0
            diagnosis.seen.encode("utf-8")
            evidence.text(diagnosis.line)
            picture(shown, SECOND)


@given(
    st.sampled_from(["GET", "POST", "", "\ud800", "G T\r\n"]),
    TEXTS | st.sampled_from(["https://a.test/x", "//", "https://[", "https://a.test:x", "https://\ud800/"]),
    JSON,
    TEXTS,
)
def test_the_world_answers_any_question(method: str, url: str, headers: Any, content: str) -> None:
    """A request of no sense is refused, and the service goes on."""
    world = HttpWorld()
    world.router.get(host="a.test", path__regex="^/.*$").mock(return_value=httpx.Response(200))
    question = {
        "type": "http",
        "id": 1,
        "method": method,
        "url": url,
        "headers": headers if isinstance(headers, list) else [headers],
        "content": content,
        "client": 1,
        "line": None,
    }

    answer = asyncio.run(world.answer(question))

    assert "error" in answer or answer["status"] == 200


@given(st.lists(JSON, max_size=3), st.dictionaries(TEXTS, JSON, max_size=2), st.sampled_from([1, 2, 0, -1, 10**9]))
def test_the_judges_functions_take_any_call(args: list[Any], kwargs: dict[str, Any], number: int) -> None:
    """A call of no sense is answered with an error, and the function is not called."""
    heard: list[Any] = []
    functions = Callables()
    functions.name(heard.append)

    answer = asyncio.run(functions.answer({"type": "ask", "callable": number, "args": args, "kwargs": kwargs}))

    assert answer.keys() <= {"error", "value"}
