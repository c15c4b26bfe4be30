"""The messages between judge and candidate: plain data without a verdict, strictly decoded and capped.

A frame is four bytes of length (big endian) and that many bytes of JSON: one object with a "type". The judge
checks every frame of a candidate against `FROM_CANDIDATE`; an unknown type, field or kind of value is refused.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from typing import Any, Final

MAX_FRAME: Final = 8 * 1024 * 1024
MAX_DEPTH: Final = 60
MAX_NODES: Final = 400_000
MAX_INT: Final = (1 << 63) - 1
# In one check. 1,000 requests of 10 kB are 15 MB and 30,000 values; 10,000 sleeps are a handful.
MAX_CHECK_BYTES: Final = 64 * 1024 * 1024
MAX_CHECK_VALUES: Final = 2_000_000
_FEW: Final = 1_000
_CHUNK: Final = 1 << 16
HEADER: Final = struct.Struct(">I")

Message = dict[str, Any]


class WireError(ValueError):
    """A frame that breaks the rules: too large, too deep, not JSON, or not a message of the table."""


# Field -> the types it may have. `None` as a type means the JSON null.
_LINE = (list, type(None))
FROM_CANDIDATE: Final[dict[str, dict[str, tuple[type, ...]]]] = {
    "ready": {"python": (str,)},
    "parked": {"at": (int,), "until": (int, type(None))},
    "loaded": {"names": (dict,), "inside": (dict,)},
    "broken": {"error": (dict,), "ours": (bool,)},
    "done": {"id": (int,), "how": (str,), "value": (object,), "line": _LINE},
    "failed": {"id": (int,), "error": (dict,)},
    "http": {
        "id": (int,),
        "method": (str,),
        "url": (str,),
        "headers": (list,),
        "content": (str,),
        "client": (int,),
        "line": _LINE,
    },
    "ask": {"id": (int,), "callable": (int,), "args": (list,), "kwargs": (dict,), "line": _LINE},
    "withdrawn": {"id": (int,)},
    "client": {"client": (int,), "event": (str,), "line": _LINE},
    "output": {"text": (str,)},
    "where": {"waiting": (list,)},
    "evidence": {"evidence": (dict,)},
    "finished": {},
    "renewed": {},
}


def pack(message: Message) -> bytes:
    """Return *message* as one frame."""
    body = _ENCODE(message).encode("ascii")
    return HEADER.pack(len(body)) + body


def frame_length(header: bytes | bytearray) -> int:
    """Return the length that a frame's header announces; `WireError` above the cap."""
    length: int = HEADER.unpack(header)[0]
    if length > MAX_FRAME:
        raise WireError(f"a frame of {length:,} bytes; at most {MAX_FRAME:,} are read")
    return length


def unpack(body: bytes) -> Message:
    """Return the message in a frame's *body*; `WireError` for anything but one JSON object within the caps."""
    try:
        message = _DECODE(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise WireError(f"not a message: {error}") from None
    if type(message) is not dict or type(message.get("type")) is not str:
        raise WireError("not a message: an object with a type is expected")
    return message


class Allowance:
    """What a candidate may send in one check: so many bytes, and so many values, or else `WireError`.

    The values are capped too since each takes the judge ten times the memory that it takes on the wire.
    """

    def __init__(self) -> None:
        self._bytes = self._values = 0

    def accept(self, body: bytes) -> Message:
        """Return the message in *body*, checked as by `check_message`."""
        message = unpack(body)
        # No more values than this, and no deeper than this; a look inside is for those that could be too large.
        openings = body.count(b"[") + body.count(b"{")
        values = openings + body.count(b",")
        if openings > MAX_DEPTH or values > _FEW:
            values = _check_size(message)
        self._bytes += len(body)
        self._values += values
        if self._bytes > MAX_CHECK_BYTES:
            raise WireError(f"more than {MAX_CHECK_BYTES:,} bytes in one check")
        if self._values > MAX_CHECK_VALUES:
            raise WireError(f"more than {MAX_CHECK_VALUES:,} values in one check")
        _check_fields(message)
        return message


def check_message(message: Message) -> Message:
    """Return *message* when it is one that a candidate may send; `WireError` otherwise."""
    _check_fields(message)
    _check_size(message)
    return message


def _check_fields(message: Message) -> None:
    fields = FROM_CANDIDATE.get(message["type"])
    if fields is None:
        raise WireError(f"unknown message {message['type'][:40]!r}")
    if len(message) != len(fields) + 1 or not all(name in message for name in fields):
        raise WireError(f"message {message['type']!r} with other fields than {sorted(fields)}")
    for name, types in fields.items():
        value = message[name]
        if type(value) not in types and object not in types:
            raise WireError(f"message {message['type']!r}: {name} is a {type(value).__name__}")
        if type(value) is int and object not in types and not -MAX_INT <= value <= MAX_INT:
            raise WireError(f"message {message['type']!r}: {name} is out of range")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise WireError("an object with the same key twice")
    return result


def _no_constant(name: str) -> None:
    raise WireError(f"{name} is not JSON")


def _check_size(value: object) -> int:
    """Return how many values *value* holds."""
    level: list[object] = [value]
    nodes = 0
    for _ in range(MAX_DEPTH):
        below: list[object] = []
        for item in level:
            if type(item) is list:
                below.extend(item)
            elif type(item) is dict:
                below.extend(item.values())
        if not below:
            return nodes
        nodes += len(below)
        if nodes > MAX_NODES:
            raise WireError(f"more than {MAX_NODES:,} values in one message")
        level = below
    raise WireError(f"values nested more than {MAX_DEPTH} deep")


class Splitter:
    """Cuts what comes from a stream into frames, whatever the pieces in which it comes."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the bodies of the frames that *data* completes; `WireError` for a frame above the cap."""
        rest, bodies = self._rest, []
        rest += data
        while len(rest) >= HEADER.size:
            end = HEADER.size + frame_length(rest[: HEADER.size])
            if len(rest) < end:
                break
            bodies.append(bytes(rest[HEADER.size : end]))
            del rest[:end]
        return bodies


def batches(read: Callable[[int], bytes]) -> Iterator[list[bytes]]:
    """Yield the bodies of the frames that *read* (a blocking ``read(n)`` of at most n bytes) brings together.

    Ends with the stream; a frame that it ends within is lost. `WireError` for a frame above the cap.
    """
    splitter = Splitter()
    while data := read(_CHUNK):
        bodies = splitter.feed(data)
        if bodies:
            yield bodies


_ENCODE: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
_DECODE: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_constant).decode
