"""Frames between judge and candidate: they round-trip, and what breaks the rules is refused."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
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


@given(st.lists(MESSAGES, max_size=3), st.integers(1, 7))
def test_round_trip(messages: list[wire.Message], piece: int) -> None:
    """Messages come out of their frames as they went in, however small the pieces in which they arrive."""
    stream = io.BytesIO(b"".join(map(wire.pack, messages)))

    assert [wire.unpack(body) for body in _bodies(lambda size: stream.read(min(size, piece)))] == messages


def test_frames_that_arrive_together() -> None:
    """The frames that one read brings are handed over together; what is cut short waits for the rest."""
    frames = [wire.pack({"type": "any", "number": number}) for number in range(3)]
    pieces = iter([frames[0] + frames[1] + frames[2][:9], frames[2][9:], b""])

    batches = list(wire.batches(lambda _: next(pieces)))

    assert [[wire.unpack(body)["number"] for body in batch] for batch in batches] == [[0, 1], [2]]


@given(MESSAGES, st.data())
def test_a_frame_cut_short(message: wire.Message, data: st.DataObject) -> None:
    """A stream that ends within a frame has ended."""
    frame = wire.pack(message)
    stream = io.BytesIO(frame[: data.draw(st.integers(0, len(frame) - 1))])

    assert _bodies(stream.read) == []


def test_a_frame_too_long() -> None:
    """A frame above the cap is refused by its length, before the rest of it is waited for."""
    stream = io.BytesIO(HEADER.pack(MAX_FRAME + 1) + b"more")

    with pytest.raises(WireError, match="at most 8,388,608"):
        next(wire.batches(stream.read))

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


@pytest.mark.parametrize(("kind", "name"), [("parked", "at"), ("parked", "until"), ("http", "id"), ("done", "id")])
def test_a_number_out_of_range(kind: str, name: str) -> None:
    """A number in a field of its own is refused when no clock and no counter could have reached it."""
    for number in (1 << 63, -(1 << 63), 10**4000):
        with pytest.raises(WireError, match="out of range"):
            wire.check_message({**_message(kind), name: number})


# -- all of a check's messages together ----------------------------------------------------------------------


def test_a_right_program_s_messages() -> None:
    """What programs in earnest send is allowed: a thousand requests of 10 kB, and ten thousand turns."""
    allowance = wire.Allowance()
    request = _body({**_message("http"), "headers": [["name", "value"]] * 8, "content": "x" * 14_000})
    for _ in range(1_000):
        allowance.accept(request)
    for _ in range(10_000):
        allowance.accept(_body(_message("parked")))


def test_too_many_bytes_in_a_check() -> None:
    """A candidate that sends without end is refused, however small its messages."""
    allowance = wire.Allowance()
    large = _body({"type": "output", "text": "x" * (MAX_FRAME - 100)})

    with pytest.raises(WireError, match="bytes in one check"):
        for _ in range(1 + wire.MAX_CHECK_BYTES // len(large)):
            allowance.accept(large)


@pytest.mark.parametrize("value", [[[]] * 100_000, "," * 100, [0] * 100_000, {str(n): n for n in range(50_000)}])
def test_too_many_values_in_a_check(value: Any) -> None:
    """Values count too, since in the judge's memory they are larger than on the wire."""
    allowance = wire.Allowance()
    body = _body(_done(value))
    allowance.accept(body)
    allowance._values = wire.MAX_CHECK_VALUES

    with pytest.raises(WireError, match="values in one check"):
        allowance.accept(body)


def test_commas_in_a_text_are_no_values() -> None:
    """A large text counts as one value, whatever is in it."""
    allowance = wire.Allowance()
    for _ in range(20):
        allowance.accept(_body(_done("[{,}]" * 400_000)))


@given(JSON)
def test_what_an_allowance_accepts(value: Any) -> None:
    """The quick look at a message's size lets through what the thorough one does, and nothing else."""
    message = _done([value] * 40)

    assert wire.Allowance().accept(_body(message)) == wire.check_message(message)


def test_an_allowance_refuses_depth() -> None:
    """A message nested too deep is refused by the quick look as well."""
    value: Any = 1
    for _ in range(MAX_DEPTH):
        value = {"a": value}

    with pytest.raises(WireError, match="nested more than"):
        wire.Allowance().accept(_body(_done(value)))


def _bodies(read: Callable[[int], bytes]) -> list[bytes]:
    return [body for batch in wire.batches(read) for body in batch]


def _body(message: wire.Message) -> bytes:
    return wire.pack(message)[HEADER.size :]


def _message(kind: str) -> wire.Message:
    return {"type": kind, **{name: OF_TYPE[types[0]] for name, types in FROM_CANDIDATE[kind].items()}}


def _done(value: Any) -> wire.Message:
    return {**_message("done"), "value": value}
