"""What a candidate sends against the rules: it is ignored, or its check fails; the judge goes on, in bounded memory."""

from __future__ import annotations

import asyncio
import queue
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import wire
from grader.evidence import CheckFailed, Deadlocked, Died, Endless
from grader.judge import remote
from grader.judge.clock import JudgeLoop
from grader.judge.link import MOST_CLIENTS, MOST_PRINTED, Link
from grader.judge.questions import MOST_QUESTIONS

LINE = ["a.py", 3]
HUGE = (1 << 63) - 1
TIMES = ["start", "end", "calls", "task", "parent", "operation"]
KEYS = [*TIMES, "why", "line", "kind", "chain", "who", "name", "type", "message", "types", "frames", "leaves"]
JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\ud800") | st.just(HUGE),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


class Scripted:
    """A `Child` that answers each turn with the next messages of a script, and parks; at the script's end it waits."""

    def __init__(self, *turns: list[wire.Message]) -> None:
        self.folder = Path()
        self.virtual = True
        self.parked = True
        self.allowance = wire.Allowance()
        self.patience: float | None = None
        self.frames: queue.SimpleQueue[wire.Message | None] = queue.SimpleQueue()
        self.on_frame: Callable[[], None] = lambda: None
        self.received: list[wire.Message] = []
        self.fault = ""
        self._turns = iter(turns)
        self._ended = False

    def send(self, message: wire.Message) -> None:
        self.received += message["messages"]
        sent = next(self._turns, [])
        for each in sent:
            self.frames.put(wire.check_message(each))
        if not any(each["type"] == "parked" for each in sent):
            self.frames.put({"type": "parked", "at": message["now"], "until": None})

    def kill(self, after: float | None = None) -> None:  # noqa: ARG002 - as `Child`
        if not self._ended:
            self._ended = True
            self.frames.put(None)

    def refuse(self, why: str) -> None:
        self.fault = self.fault or why
        self.kill()

    def hang_up(self) -> None:
        self.kill()

    close = hang_up

    def how_it_died(self, limit: float) -> Died:  # noqa: ARG002 - as `Child`
        return Died("wire", self.fault) if self.fault else Died("signal", "SIGKILL")

    def printed(self) -> str:
        return ""

    def path_inside(self, path: Path) -> str:
        return str(path)

    def door(self) -> socket.socket:
        raise NotImplementedError


def converse(*turns: list[wire.Message], call: bool = True) -> tuple[Scripted, Link, Any]:
    """Make one call of a scripted candidate, then ask for the evidence; return what came of the call."""
    child = Scripted(*turns)
    loop = JudgeLoop()
    link = Link(child, loop, _serve, lambda question: question.get("url", "call"), limit=5.0, horizon=1e6)

    async def check() -> Any:
        try:
            outcome: Any = None
            if call:
                outcome = await link.request("call 1", {"type": "call", "id": 1})
            await link.request("finished", {"type": "finish"})
        except CheckFailed as failed:
            return failed.failure
        return outcome

    try:
        return child, link, loop.run_until_complete(check())
    finally:
        link.close()
        loop.run_until_complete(loop.shutdown_asyncgens())
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


async def _serve(question: wire.Message) -> wire.Message:
    await asyncio.sleep(1)
    return {"value": question["id"]}


def http(number: int) -> wire.Message:
    """Return a request."""
    request = {"type": "http", "id": number, "method": "GET", "url": "https://a.test/", "headers": [], "content": ""}
    return {**request, "client": 1, "line": LINE}


def done(number: int, value: Any = None) -> wire.Message:
    """Return the end of a call."""
    return {"type": "done", "id": number, "how": "returned", "value": value, "line": None}


def parked(at: int, until: int | None = None) -> wire.Message:
    """Return the end of a turn."""
    return {"type": "parked", "at": at, "until": until}


TOLD: list[wire.Message] = [{"type": "evidence", "evidence": {}}, {"type": "finished"}]


def test_a_conversation_by_the_rules() -> None:
    """A request is answered and the call ends, as the other tests here take for granted."""
    child, link, outcome = converse([http(1)], [done(1, 7)], TOLD)

    assert (outcome["value"], link.evidence, link.died) == (7, {}, None)
    assert [message["type"] for message in child.received] == ["call", "answer", "finish"]


@pytest.mark.parametrize(
    "message",
    [
        done(2),
        done(-5),
        {"type": "failed", "id": 99, "error": {}},
        {"type": "finished"},
        {"type": "renewed"},
        {"type": "loaded", "names": {"f": "async"}, "inside": {}},
        {"type": "broken", "error": {}, "ours": True},
        {"type": "withdrawn", "id": 12345},
        {"type": "where", "waiting": []},
        {"type": "evidence", "evidence": {"forged": True}},
        {"type": "ready", "python": "4"},
    ],
    ids=lambda message: message["type"],
)
def test_what_nobody_asked_for(message: wire.Message) -> None:
    """An answer to nothing, or one before its time, is ignored: the call ends when it ends."""
    _, link, outcome = converse([message, http(1)], [message], [done(1, 7)], TOLD)

    assert outcome["value"] == 7
    assert link.evidence == {}


def test_evidence_twice() -> None:
    """What is told after the first evidence changes nothing."""
    _, link, _ = converse([done(1)], [*TOLD[:1], {"type": "evidence", "evidence": {"tasks_left": []}}, TOLD[1]])

    assert link.evidence == {}


@pytest.mark.parametrize(
    ("turn", "why"),
    [
        ([http(1), http(1)], "two questions with one number"),
        ([http(n) for n in range(MOST_QUESTIONS + 1)], "more than 20,000 questions"),
        (
            [{"type": "client", "client": n, "event": "opened", "line": LINE} for n in range(MOST_CLIENTS + 1)],
            "more than 5,000 clients",
        ),
        ([parked(10**15)], "at a time that it was not given"),
        ([parked(-1)], "at a time that it was not given"),
        ([parked(-1)] * 5_000, "at a time that it was not given"),
    ],
    ids=["number twice", "questions", "clients", "later", "earlier", "many"],
)
def test_against_the_rules(turn: list[wire.Message], why: str) -> None:
    """Numbers used twice, floods and times that were not given end the candidate; the check says why."""
    child, _, outcome = converse(turn)

    assert isinstance(outcome, Died)
    assert outcome.how == "wire"
    assert why in child.fault


def test_a_time_that_never_comes() -> None:
    """A candidate that waits for the largest time there is has not ended when time is up."""
    _, _, outcome = converse([parked(0, HUGE)])

    assert isinstance(outcome, Endless | Deadlocked)


def test_waiters_of_any_shape() -> None:
    """Who waits where is advice: what cannot be read is left out."""
    waiting: list[Any] = [
        1,
        None,
        [],
        {"who": 1},
        {"who": ["x"], "line": ["a.py", 2]},
        {"who": "f", "line": ["a\n.py", 2]},
    ]
    _, _, outcome = converse([], [{"type": "where", "waiting": waiting}])

    assert isinstance(outcome, Deadlocked)
    assert [waiter.line for waiter in outcome.waiters] == [("a.py", 2)]


def test_too_much_is_printed() -> None:
    """Of what a candidate prints the beginning is kept, in characters that can be written, with a note."""
    flood = [{"type": "output", "text": "x\ud800" * 10_000} for _ in range(50)]
    _, link, outcome = converse([*flood, done(1, 7)], TOLD)

    text = "".join(link.printed)
    assert outcome["value"] == 7
    assert MOST_PRINTED <= len(text) < MOST_PRINTED + 100
    assert text.startswith("x?x?")
    assert "the rest is left out" in text


def test_a_long_title() -> None:
    """An address of megabytes is not kept in the timeline."""
    _, link, _ = converse([{**http(1), "url": "https://" + "a" * 1_000_000}], [done(1)], TOLD)

    assert len(link.operations[0].name) == 300


FIELDS: dict[type, Any] = {
    str: st.text(max_size=5),
    int: st.integers(0, 3),
    bool: st.booleans(),
    list: st.lists(JSON, max_size=3),
    dict: st.dictionaries(st.text(max_size=3), JSON, max_size=3),
    object: JSON,
    type(None): st.none(),
}


@st.composite
def messages(draw: st.DrawFn) -> wire.Message:
    """Return a message of the table, of whatever content."""
    kind = draw(st.sampled_from(sorted(wire.FROM_CANDIDATE)))
    fields = wire.FROM_CANDIDATE[kind]
    return {"type": kind, **{name: draw(FIELDS[draw(st.sampled_from(types))]) for name, types in fields.items()}}


@given(st.lists(st.lists(messages(), max_size=6), max_size=5), st.booleans())
def test_messages_in_any_order(turns: list[list[wire.Message]], call: bool) -> None:
    """Whatever comes in whatever order, a check ends: with a reply, or as the learner's failure."""
    _, _, outcome = converse(*turns, call=call)

    assert outcome is None or isinstance(outcome, dict | Died | Deadlocked | Endless)


@given(JSON, st.integers(0, HUGE))
def test_evidence_of_any_shape(data: Any, until: int) -> None:
    """Anything in the place of evidence reads as lines, texts and times, or as nothing."""
    for value in (data, [data], [data, data]):
        remote.line_from(value)
        remote.remote_error(value)
        remote.leftovers(value)
        remote.waiters(value)
        for hold in remote.holds(value, until):
            assert 0 <= hold.start <= hold.end <= until
        for wait in remote.waits(value, until):
            assert 0 <= wait.start <= (until if wait.end is None else wait.end) <= until


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=5))
def test_errors_of_any_shape(fields: dict[str, Any]) -> None:
    """An exception of any description has a name, and texts that can be written."""
    error = remote.remote_error({**fields, "message": "\udfff", "types": ["\ud800x", None, {}], "frames": [LINE, 1]})

    assert error.message == "?"
    assert error.name.encode()


@pytest.mark.parametrize(
    "line",
    [None, [], ["a.py"], ["a.py", True], ["a.py", "3"], ["a.py", 0], ["a.py", -1], ["a.py", 10**12], [3, 3], "a.py"]
    + [["a\x1b[31m.py", 3], ["a\u202e.py", 3], ["a\ud800.py", 3], ["x" * 1_000, 3], {"file": "a.py"}],
    ids=repr,
)
def test_no_line(line: Any) -> None:
    """A line is a file's printable name and a number that a file may have, or it is none."""
    assert remote.line_from(line) is None


def test_more_names_than_a_module_has() -> None:
    """Of a flood of names those that the exercise needs are kept, and some more."""
    flood = {f"n{number}": "plain" for number in range(100_000)}

    names = remote.names({**flood, "f": "async"}, ["f", "g"])

    assert len(names) < 10_000
    assert names["f"] == "async"
    assert "g" not in names
