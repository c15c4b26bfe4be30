"""The messages between judge and candidate: plain data without a verdict, strictly decoded and capped.

A frame is four bytes of length (big endian) and that many bytes of JSON: one object with a "type". The judge
checks every frame of a candidate against `FROM_CANDIDATE`; an unknown type, field or kind of value is refused.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any, Final

MAX_FRAME: Final = 8 * 1024 * 1024
MAX_DEPTH: Final = 60
MAX_NODES: Final = 400_000
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
    body = json.dumps(message, separators=(",", ":"), allow_nan=False).encode("ascii")
    return HEADER.pack(len(body)) + body


def frame_length(header: bytes) -> int:
    """Return the length that a frame's header announces; `WireError` above the cap."""
    length: int = HEADER.unpack(header)[0]
    if length > MAX_FRAME:
        raise WireError(f"a frame of {length:,} bytes; at most {MAX_FRAME:,} are read")
    return length


def unpack(body: bytes) -> Message:
    """Return the message in a frame's *body*; `WireError` for anything but one JSON object within the caps."""
    try:
        message = json.loads(body, object_pairs_hook=_object, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not a message: {error}") from None
    if type(message) is not dict or type(message.get("type")) is not str:
        raise WireError("not a message: an object with a type is expected")
    return message


def check_message(message: Message) -> Message:
    """Return *message* when it is one that a candidate may send; `WireError` otherwise."""
    fields = FROM_CANDIDATE.get(message["type"])
    if fields is None:
        raise WireError(f"unknown message {message['type'][:40]!r}")
    if message.keys() - {"type"} != fields.keys():
        raise WireError(f"message {message['type']!r} with other fields than {sorted(fields)}")
    for name, types in fields.items():
        if object not in types and type(message[name]) not in types:
            raise WireError(f"message {message['type']!r}: {name} is a {type(message[name]).__name__}")
    _check_size(message)
    return message


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise WireError("an object with the same key twice")
    return result


def _no_constant(name: str) -> None:
    raise WireError(f"{name} is not JSON")


def _check_size(value: object) -> None:
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
            return
        nodes += len(below)
        if nodes > MAX_NODES:
            raise WireError(f"more than {MAX_NODES:,} values in one message")
        level = below
    raise WireError(f"values nested more than {MAX_DEPTH} deep")


def read_frame(read: Callable[[int], bytes]) -> bytes | None:
    """Return the next frame's body from *read* (a blocking ``read(n)``), or None at the end of the stream."""
    header = _exactly(read, HEADER.size)
    if header is None:
        return None
    return _exactly(read, frame_length(header))


def _exactly(read: Callable[[int], bytes], size: int) -> bytes | None:
    parts = b""
    while len(parts) < size:
        part = read(size - len(parts))
        if not part:
            return None
        parts += part
    return parts
