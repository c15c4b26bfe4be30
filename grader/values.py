"""Plain data on the wire: what may travel as a value, and how; it knows no message and no transport.

Numbers, strings, None and lists are JSON; everything else is an object with one key that names its kind.
A value that is not plain data travels as `Opaque`: its type and a short repr, equal to nothing.
"""

from __future__ import annotations

import base64
import inspect
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final

MAX_VALUE_DEPTH: Final = 16
MAX_VALUE_NODES: Final = 100_000
_JSON_INT: Final = 1 << 63
_MOST_ALIKE: Final = 1_000
_MOST_BITS: Final = 14_000  # Python prints no number of more than 4,300 digits, which these do not have


@dataclass(frozen=True, eq=False)
class Opaque:
    """Something that is not plain data.

    type: qualified name, such as ``httpx.Response``.
    text: its repr, at most 200 characters.
    kind: ``coroutine``, ``future``, ``generator``, ``async generator``, ``function`` or ``object``.
    """

    type: str
    text: str
    kind: str

    def __repr__(self) -> str:
        return self.text


Name = Callable[[Callable[..., Any]], dict[str, Any]]
Bind = Callable[[dict[str, Any]], Callable[..., Any]]


def encode(value: object, name_callable: Name | None = None) -> Any:
    """Return *value* as JSON data. *name_callable* gives callables a name the other side can call.

    With it, a `types.SimpleNamespace` travels too, with whatever it holds: an object of the judge's with methods.
    """
    try:
        return _Encoder(name_callable).encode(value, 0)
    except _TooLargeError:
        return opaque(value, "too large, or nested too deep, to send")


def decode(data: Any, bind_callable: Bind | None = None) -> Any:
    """Return the value that *data* stands for; `ValueError` when it stands for none."""
    if type(data) is list:
        return [decode(item, bind_callable) for item in data]
    if type(data) is not dict:
        return data
    if len(data) != 1:
        raise ValueError("a value with more than one kind")
    ((kind, body),) = data.items()
    return _decode_kind(kind, body, bind_callable)


def _decode_kind(kind: str, body: Any, bind: Bind | None) -> Any:
    if kind == "callable" and bind is not None:
        return bind(body)
    decoder = _DECODERS.get(kind)
    if decoder is None:
        raise ValueError(f"a value of unknown kind {kind[:40]!r}")
    try:
        return decoder(body, bind)
    except (TypeError, KeyError, AttributeError, OverflowError) as error:
        raise ValueError(f"not a {kind}: {error}") from None


_DECODERS: Final[dict[str, Callable[[Any, Bind | None], Any]]] = {
    "tuple": lambda body, bind: tuple(decode(item, bind) for item in body),
    "set": lambda body, bind: frozenset(_keys([decode(item, bind) for item in body])),
    "dict": lambda body, bind: _mapping([(decode(key, bind), decode(item, bind)) for key, item in body]),
    "bytes": lambda body, _: base64.b64decode(body, validate=True),
    "float": lambda body, _: float(body),
    "int": lambda body, _: _integer(body),
    "namespace": lambda body, bind: SimpleNamespace(**{name: decode(item, bind) for name, item in body.items()}),
    "opaque": lambda body, _: Opaque(str(body["type"])[:200], str(body["text"])[:200], str(body["kind"])[:40]),
}


def _mapping(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    _keys([key for key, _ in pairs])
    return dict(pairs)


def _keys(keys: list[Any]) -> list[Any]:
    # A hundred thousand different numbers with one hash would keep the judge busy for minutes.
    if len(keys) > _MOST_ALIKE and Counter(map(hash, keys)).most_common(1)[0][1] > _MOST_ALIKE:
        raise ValueError("too many keys with one hash")
    return keys


def _integer(text: str) -> int:
    if len(text) > _MOST_BITS // 4 + 3:  # -0x before it
        raise ValueError("a number of too many digits")
    return int(text, 16)


class _TooLargeError(Exception):
    pass


class _Encoder:
    def __init__(self, name_callable: Name | None) -> None:
        self._name_callable = name_callable
        self._nodes = 0

    def encode(self, value: object, depth: int) -> Any:
        self._nodes += 1
        if depth > MAX_VALUE_DEPTH or self._nodes > MAX_VALUE_NODES:
            raise _TooLargeError
        if value is None or value is True or value is False:
            return value
        # By type(), not isinstance(): a mock says that its class is another one.
        cls = type(value)
        if issubclass(cls, int | float | str | bytes | bytearray):
            return _scalar(value)
        if issubclass(cls, dict | list | tuple | set | frozenset):
            return self._container(value, depth + 1)
        if self._name_callable is not None and isinstance(value, SimpleNamespace):
            return {"namespace": {name: self.encode(item, depth + 1) for name, item in vars(value).items()}}
        if self._name_callable is not None and callable(value):
            return {"callable": self._name_callable(value)}
        return opaque(value)

    def _container(self, value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            pairs = dict.items(value)
            return {"dict": [[self.encode(key, depth), self.encode(item, depth)] for key, item in pairs]}
        if isinstance(value, list):
            return [self.encode(item, depth) for item in list.__iter__(value)]
        cls = next(cls for cls in (tuple, set, frozenset) if isinstance(value, cls))
        return {"tuple" if cls is tuple else "set": [self.encode(item, depth) for item in cls.__iter__(value)]}


def _scalar(value: Any) -> Any:
    # A subclass (an IntEnum, a str with methods of its own) travels as the plain value below it.
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        number = int.__index__(value)
        if int.bit_length(number) > _MOST_BITS:
            return opaque(value, f"a number of {number.bit_length():,} bits")
        return number if -_JSON_INT < number < _JSON_INT else {"int": hex(number)}
    if isinstance(value, float):
        number_f = float.__float__(value)
        return number_f if math.isfinite(number_f) else {"float": repr(number_f)}
    plain = bytes.__getitem__(value, slice(None)) if isinstance(value, bytes) else bytes(bytearray.copy(value))
    return {"bytes": base64.b64encode(plain).decode("ascii")}


_KINDS: Final[Mapping[str, Callable[[object], bool]]] = {
    "coroutine": inspect.iscoroutine,
    "async generator": inspect.isasyncgen,
    "generator": inspect.isgenerator,
    "function": inspect.isroutine,
    "future": lambda value: hasattr(value, "add_done_callback"),
}


def opaque(value: object, text: str | None = None) -> dict[str, Any]:
    """Return the wire form of a value that is not plain data."""
    kind = next((kind for kind, test in _KINDS.items() if _holds(test, value)), "object")
    if text is None:
        try:
            text = repr(value)
        except Exception as error:  # noqa: BLE001 - a learner's __repr__ may raise anything
            text = f"<{type(value).__name__} whose repr raised {type(error).__name__}>"
    text = str.__str__(text)
    cls = type(value)
    name = cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"
    return {"opaque": {"type": name, "text": without_addresses(text)[:200], "kind": kind}}


def _holds(test: Callable[[object], bool], value: object) -> bool:
    try:
        return bool(test(value))
    except Exception:  # noqa: BLE001 - a learner's object may raise whatever it is asked
        return False


def without_addresses(text: str) -> str:
    """Return *text* without memory addresses, which are others in every run."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)
