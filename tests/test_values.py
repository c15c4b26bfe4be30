"""What may travel as a value: plain data comes back as it went, and nothing else runs or pretends on the way."""

from __future__ import annotations

import asyncio
import enum
import json
import math
from collections import OrderedDict, defaultdict, namedtuple
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import wire
from grader.values import MAX_VALUE_DEPTH, MAX_VALUE_NODES, Opaque, decode, encode

TEXT = st.text(st.characters(exclude_categories=[]))  # surrogates included
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(1 << 600), 1 << 600)
    | st.floats(allow_nan=False)
    | TEXT
    | st.binary(max_size=20)
)
KEYS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3).map(tuple) | st.frozensets(inner, max_size=3), max_leaves=4
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.sets(KEYS, max_size=4)
        | st.frozensets(KEYS, max_size=4)
    ),
    max_leaves=20,
)


def _there_and_back(value: object) -> Any:
    frame = wire.pack({"type": "done", "id": 1, "how": "returned", "value": encode(value), "line": None})
    return decode(wire.check_message(wire.unpack(frame[wire.HEADER.size :]))["value"])


@given(VALUES)
def test_round_trip(value: object) -> None:
    """Plain data of any shape comes back equal, through a frame, and of the same types."""
    back = _there_and_back(value)

    assert back == value
    assert _types(back) == _types(value)


@given(st.floats())
def test_floats(number: float) -> None:
    """Every float comes back to the bit, sign of zero included; nan comes back as nan."""
    back = _there_and_back(number)

    assert type(back) is float
    assert math.isnan(back) if math.isnan(number) else back == number
    assert math.copysign(1, back) == math.copysign(1, number) or math.isnan(number)


@pytest.mark.parametrize(
    "number",
    [(1 << 63) - 1, 1 << 63, -(1 << 63), -(1 << 63) - 1, 1 << 64, 10**4000, -(10**4000)],
    ids=lambda number: f"{number.bit_length()}",
)
def test_great_integers(number: int) -> None:
    """Integers of any size that Python prints come back exactly."""
    assert _there_and_back(number) == number


def test_an_integer_too_great_to_print() -> None:
    """A number of more digits than Python prints is no plain data: a report could not show it."""
    back = _there_and_back(10**5000)

    assert isinstance(back, Opaque)
    assert back.type == "int"
    with pytest.raises(ValueError, match="too many digits"):
        decode({"int": hex(10**5000)})


@pytest.mark.parametrize("kind", ["set", "dict"])
def test_keys_with_one_hash(kind: str) -> None:
    """Numbers chosen to collide are refused before they are put into a dict; a few may."""
    alike = [{"int": hex(number * ((1 << 61) - 1))} for number in range(1, 20_000)]

    with pytest.raises(ValueError, match="one hash"):
        decode({kind: alike if kind == "set" else [[key, None] for key in alike]})
    assert len(decode({"set": alike[:100]})) == 100


def test_a_float_beyond_floats() -> None:
    """A float given as a huge integer is refused, not raised about."""
    with pytest.raises(ValueError, match="not a float"):
        decode({"float": 10**400})


def test_a_dict_keeps_its_order() -> None:
    """A dict comes back in its order, and with keys that JSON does not know."""
    value = {3: "a", "1": "b", 1: "c", None: "d", (1, 2): "e", 1.5: "f", b"x": "g"}

    assert list(_there_and_back(value).items()) == list(value.items())


class Colour(enum.IntEnum):
    """An IntEnum."""

    RED = 3


class LyingText(str):
    """A str whose methods say what its author likes."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __str__(self) -> str:
        return "lie"

    def __repr__(self) -> str:
        return "lie"

    def encode(self, *_: Any) -> bytes:
        """Lie."""
        return b"lie"


class LyingInt(int):
    """An int whose methods say what its author likes."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __int__(self) -> int:
        return 99

    def __index__(self) -> int:
        return 99

    def __lt__(self, other: object) -> bool:
        return False


class LyingFloat(float):
    """A float whose methods say what its author likes."""

    def __float__(self) -> float:
        return 99.0

    def __repr__(self) -> str:
        return "99.0"


class LyingBytes(bytes):
    """A bytes object that shows other bytes when it is copied."""

    def __bytes__(self) -> bytes:
        return b"lie"

    def __iter__(self) -> Iterator[int]:
        return iter(b"lie")


class LyingList(list[Any]):
    """A list that iterates over something else."""

    def __iter__(self) -> Iterator[Any]:
        return iter(["lie"])

    def __len__(self) -> int:
        return 99


class LyingTuple(tuple[Any, ...]):
    """A tuple that iterates over something else."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Any]:
        return iter(["lie"])


class LyingSet(set[Any]):
    """A set that iterates over something else."""

    def __iter__(self) -> Iterator[Any]:
        return iter(["lie"])


class LyingDict(dict[Any, Any]):
    """A dict that shows other items."""

    def items(self) -> Any:
        """Lie."""
        return [("lie", "lie")]

    def __iter__(self) -> Iterator[Any]:
        return iter(["lie"])


Point = namedtuple("Point", "x y")  # noqa: PYI024 - as learners write it


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Colour.RED, 3),
        (LyingText("truth"), "truth"),
        (LyingInt(7), 7),
        (LyingInt(1 << 70), 1 << 70),
        (LyingFloat(1.5), 1.5),
        (LyingFloat("inf"), math.inf),
        (LyingBytes(b"truth"), b"truth"),
        (bytearray(b"truth"), b"truth"),
        (LyingList([1, 2]), [1, 2]),
        (LyingTuple([1, 2]), (1, 2)),
        (LyingSet([1, 2]), {1, 2}),
        (LyingDict({"a": 1}), {"a": 1}),
        (Point(1, 2), (1, 2)),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (defaultdict(list, a=[1]), {"a": [1]}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_subclasses_travel_as_plain_values(value: object, plain: object) -> None:
    """A subclass comes back as the plain value below it, whatever its own methods say."""
    back = _there_and_back(value)

    assert type(back) is (frozenset if isinstance(plain, set) else type(plain))
    assert back == plain
    assert _there_and_back([value, (value,)]) == [plain, (plain,)]


class Unprintable:
    """An object whose repr raises."""

    def __repr__(self) -> str:
        raise KeyError("no repr")


class Nasty:
    """An object whose every attribute raises, and whose repr is no str."""

    def __getattr__(self, name: str) -> Any:
        raise ZeroDivisionError(name)

    def __repr__(self) -> Any:
        return 1


async def _coroutine() -> None:
    """Do nothing."""


def _generator() -> Iterator[int]:
    yield 1


async def _async_generator() -> Any:
    yield 1


def test_opaque_objects() -> None:
    """What is no plain data comes back as its type, a short repr and its kind, and is equal to nothing."""
    coroutine, loop = _coroutine(), asyncio.new_event_loop()
    values = {
        "coroutine": coroutine,
        "future": loop.create_future(),
        "generator": _generator(),
        "async generator": _async_generator(),
        "function": _generator,
        "object": Unprintable(),
    }
    try:
        for kind, value in values.items():
            back = _there_and_back(value)
            assert isinstance(back, Opaque)
            assert back.kind == kind
            assert back != value
            assert back != _there_and_back(value)
        assert _there_and_back(_generator).text == repr(_generator).partition(" at 0x")[0] + ">"
        assert _there_and_back(1j).type == "complex"
        assert _there_and_back(values["object"]).type.endswith(".Unprintable")
        assert "KeyError" in _there_and_back(values["object"]).text
    finally:
        coroutine.close()
        loop.close()


class Disguised:
    """An object that says it is a list."""

    @property
    def __class__(self) -> Any:
        """Lie."""
        return list

    @__class__.setter
    def __class__(self, _: Any) -> None:
        """Lie."""


class Faceless:
    """An object that does not say what it is."""

    @property
    def __class__(self) -> Any:
        """Raise."""
        raise ZeroDivisionError

    @__class__.setter
    def __class__(self, _: Any) -> None:
        """Raise."""


class Boasting:
    """An object whose repr is a str that lies."""

    def __repr__(self) -> str:
        return LyingText("truth")


@pytest.mark.parametrize("cls", [Nasty, Disguised, Faceless, Boasting, Unprintable])
def test_a_nasty_object(cls: type) -> None:
    """An object whose attributes or repr raise, or that pretends to be another, is opaque like any other."""
    back = _there_and_back([cls()])[0]

    assert isinstance(back, Opaque)
    assert back.type.endswith(f".{cls.__name__}")
    assert back.kind == "object"
    assert back.text != "lie"


@pytest.mark.parametrize("spec", [list, dict, str, int, tuple, set, bytes])
def test_a_mock(spec: type) -> None:
    """A mock of a plain type, for which isinstance is true, is opaque."""
    assert isinstance(_there_and_back(mock.NonCallableMagicMock(spec=spec)), Opaque)


def test_a_long_repr_is_cut() -> None:
    """An opaque value's text and type are short."""
    back = _there_and_back(type("x" * 1000, (), {"__repr__": lambda _: "y" * 10**6})())

    assert len(back.text) == 200
    assert len(back.type) <= 200


def test_depth_is_capped() -> None:
    """Values nested deeper than the cap, and cycles, end in an opaque value."""
    deep: Any = []
    for _ in range(MAX_VALUE_DEPTH + 5):
        deep = [deep]
    cycle: list[Any] = []
    cycle.append(cycle)
    ring: dict[str, Any] = {}
    ring["self"] = ({"again": ring},)
    for value in (deep, cycle, ring):
        assert isinstance(_innermost(_there_and_back(value)), Opaque)


def test_every_depth_that_is_encoded_passes_the_wire() -> None:
    """What `encode` lets through, `check_message` does too: dicts of dicts, the costliest shape, included."""
    for wrap in (
        lambda inner: {"key": inner},
        lambda inner: (inner,),
        lambda inner: {inner} if inner == 1 else [inner],
    ):
        value: Any = 1
        for _ in range(MAX_VALUE_DEPTH + 2):
            value = wrap(value)
        _there_and_back(value)


@pytest.mark.parametrize(
    "value",
    [
        [0] * (MAX_VALUE_NODES + 5),
        [0] * (4 * MAX_VALUE_NODES),
        {number: number for number in range(MAX_VALUE_NODES)},
        [[0] * 1000] * 1000,
    ],
    ids=["a list", "a long list", "a dict", "lists"],
)
def test_size_is_capped(value: object) -> None:
    """A value of very many parts comes back as one opaque value that says so, and fits the wire."""
    back = _there_and_back(value)

    assert isinstance(back, Opaque)
    assert back.type == type(value).__name__
    assert "too large" in back.text


def test_much_passes_the_wire() -> None:
    """A value of nearly as many parts as the cap comes back whole, in its costliest shape too."""
    value = {number: number for number in range(MAX_VALUE_NODES // 2 - 1)}

    assert _there_and_back(value) == value
    assert _there_and_back([0] * (MAX_VALUE_NODES - 1)) == [0] * (MAX_VALUE_NODES - 1)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"tuple": [], "set": []},
        {"unknown": []},
        {"x" * 10_000: []},
        {"tuple": 1},
        {"tuple": None},
        {"set": [[1]]},
        {"set": [{"dict": []}]},
        {"dict": [1]},
        {"dict": [[1, 2, 3]]},
        {"dict": [[[1], 2]]},
        {"dict": {"a": 1}},
        {"bytes": 1},
        {"bytes": "not base64!"},
        {"float": "much"},
        {"float": None},
        {"int": "0xzz"},
        {"int": 1},
        {"int": "1_0_0g"},
        {"opaque": {}},
        {"opaque": {"type": "a", "text": "b"}},
        {"opaque": [1]},
        {"callable": {"id": 1}},
        [{"tuple": 1}],
    ],
    ids=lambda data: json.dumps(data)[:40],
)
def test_malformed_data(data: Any) -> None:
    """Data that stands for no value is refused, with a short message."""
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the messages differ
        decode(data)
    assert len(str(refused.value)) < 200


def test_callables_travel_by_name() -> None:
    """A callable is sent as the name it is given, and bound to that name on the other side."""
    given_names: list[Any] = []

    def name(function: Any) -> dict[str, Any]:
        given_names.append(function)
        return {"id": len(given_names)}

    data = encode({"each": [print, len]}, name)

    assert given_names == [print, len]
    assert decode(data, lambda body: [print, len][body["id"] - 1]) == {"each": [print, len]}


def _types(value: Any) -> Any:
    if isinstance(value, dict):
        return [dict, [(_types(key), _types(item)) for key, item in value.items()]]
    if isinstance(value, list | tuple):
        return [type(value), [_types(item) for item in value]]
    return set if isinstance(value, set | frozenset) else type(value)


def _innermost(value: Any) -> Any:
    while isinstance(value, list | tuple | dict) and value:
        value = next(iter(value.values() if isinstance(value, dict) else value))
    return value
