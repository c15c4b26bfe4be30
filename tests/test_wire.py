"""Frames between judge and candidate: they round-trip, and what breaks the rules is refused."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import wire
from grader.wire import FROM_CANDIDATE, HEADER, MAX_DEPTH, MAX_FRAME, MAX_NODES, WireError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
MESSAGES = st.dictionaries(st.text(max_size=4), JSON, max_size=3).map(lambda fields: {**fields, "type": "any"})
OF_TYPE: dict[type, Any] = {
    str: "text",
    int: 1,
    bool: True,
    list: [1],
    dict: {"key": 1},
    object: {"list": [None]},
    type(None): None,
}
EVERY = [(kind, name) for kind, fields in FROM_CANDIDATE.items() for name in fields]


@given(MESSAGES)
def test_round_trip(message: wire.Message) -> None:
    """A message comes out of its frame as it went in."""
    stream = io.BytesIO(wire.pack(message))

    body = wire.read_frame(stream.read)

    assert body is not None
    assert wire.unpack(body) == message
    assert wire.read_frame(stream.read) is None


@given(st.lists(MESSAGES, max_size=3), st.integers(1, 7))
def test_frames_in_pieces(messages: list[wire.Message], piece: int) -> None:
    """Frames are read whole, however small the pieces in which they arrive."""
    stream = io.BytesIO(b"".join(map(wire.pack, messages)))

    bodies = list(iter(lambda: wire.read_frame(lambda size: stream.read(min(size, piece))), None))

    assert [wire.unpack(body) for body in bodies if body is not None] == messages


@given(MESSAGES, st.data())
def test_a_frame_cut_short(message: wire.Message, data: st.DataObject) -> None:
    """A stream that ends within a frame has ended."""
    frame = wire.pack(message)
    stream = io.BytesIO(frame[: data.draw(st.integers(0, len(frame) - 1))])

    assert wire.read_frame(stream.read) is None


def test_a_frame_too_long() -> None:
    """A frame above the cap is refused by its length, before a byte of it is read."""
    stream = io.BytesIO(HEADER.pack(MAX_FRAME + 1) + b"unread")

    with pytest.raises(WireError, match="at most 8,388,608"):
        wire.read_frame(stream.read)

    assert stream.read() == b"unread"
    assert wire.frame_length(HEADER.pack(MAX_FRAME)) == MAX_FRAME


@given(st.binary(max_size=200))
def test_any_bytes(body: bytes) -> None:
    """Bytes are a message or a `WireError`, never another exception."""
    try:
        message = wire.unpack(body)
    except WireError:
        return
    assert type(message["type"]) is str


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"1",
        b'"finished"',
        b"null",
        b"{}",
        b'{"type": 1}',
        b'{"type": null}',
        b'{"type": ["finished"]}',
        b'{"type": "finished"} {"type": "finished"}',
        b'{"type": "finished", "type": "finished"}',
        b'{"type": "output", "text": {"a": 1, "a": 2}}',
        b'{"type": "output", "text": NaN}',
        b'{"type": "output", "text": Infinity}',
        b'{"type": "output", "text": -Infinity}',
        b'{"type": "output", "text": "\xff"}',
        b'{"type": "output", "text": ' + b"9" * 5000 + b"}",
        b'{"type": "evidence", "evidence": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=lambda body: body[:45].decode("ascii", "replace"),
)
def test_no_message(body: bytes) -> None:
    """What is no JSON object with a type, or is one in a doubtful way, is refused."""
    with pytest.raises(WireError):
        wire.unpack(body)


@pytest.mark.parametrize("kind", FROM_CANDIDATE)
def test_known_messages(kind: str) -> None:
    """Each message of the table is accepted, with each type that its fields may have."""
    for place in range(2):
        message = {name: OF_TYPE[types[place % len(types)]] for name, types in FROM_CANDIDATE[kind].items()}

        assert wire.check_message({"type": kind, **message}) == {"type": kind, **message}


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_a_field_of_another_type(kind: str, name: str) -> None:
    """A field of a type that the table does not name is refused; a bool is no int."""
    message = _message(kind)
    for value in (True, 1.5, "text", 1, [1], {"key": 1}, None):
        types = FROM_CANDIDATE[kind][name]
        if object in types or type(value) in types:
            continue
        with pytest.raises(WireError, match=name):
            wire.check_message({**message, name: value})


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_a_missing_field(kind: str, name: str) -> None:
    """A message without one of its fields is refused."""
    message = _message(kind)
    del message[name]

    with pytest.raises(WireError, match="other fields"):
        wire.check_message(message)


@pytest.mark.parametrize("kind", FROM_CANDIDATE)
def test_an_unknown_field(kind: str) -> None:
    """A message with one more field is refused: there is no place for a verdict."""
    with pytest.raises(WireError, match="other fields"):
        wire.check_message({**_message(kind), "verdict": "PASS"})


@pytest.mark.parametrize("kind", ["verdict", "", "load", "turn", "READY", "x" * 10_000])
def test_an_unknown_message(kind: str) -> None:
    """A message that a candidate may not send is refused, in a short sentence."""
    with pytest.raises(WireError, match="unknown message") as refused:
        wire.check_message({"type": kind})
    assert len(str(refused.value)) < 100


def test_nested_too_deep() -> None:
    """Values nested deeper than the cap are refused, at any depth that JSON itself survives."""
    for depth in (MAX_DEPTH, 500):
        value: Any = 1
        for _ in range(depth):
            value = [value]
        with pytest.raises(WireError, match="nested more than"):
            wire.check_message(_done(value))


def test_too_many_values() -> None:
    """A message of more values than the cap is refused, however they are spread."""
    with pytest.raises(WireError, match="400,000 values"):
        wire.check_message(_done([0] * (MAX_NODES + 1)))
    with pytest.raises(WireError, match="400,000 values"):
        wire.check_message(_done([[0] * 1000] * (MAX_NODES // 1000 + 1)))
    assert wire.check_message(_done([0] * (MAX_NODES - 100)))


@given(JSON)
def test_any_value_in_its_place(value: Any) -> None:
    """A value of a result may be any JSON; in a frame and out of it, it is the same."""
    message = _done(value)

    assert wire.check_message(wire.unpack(json.dumps(message).encode())) == message


def test_no_number_that_is_not_json() -> None:
    """NaN is not packed: the other side would refuse it."""
    with pytest.raises(ValueError, match="JSON"):
        wire.pack({"type": "output", "text": float("nan")})


def _message(kind: str) -> wire.Message:
    return {"type": kind, **{name: OF_TYPE[types[0]] for name, types in FROM_CANDIDATE[kind].items()}}


def _done(value: Any) -> wire.Message:
    return {**_message("done"), "value": value}
