"""Reads what a candidate says about itself: lines, exceptions, leftovers. Anything malformed reads as nothing."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from typing import Any, Final

from grader import wire
from grader.evidence import Frame, Leftover, RemoteError, Waiter
from grader.timeline import Hold, Line, Step, Wait

_MAX_TEXT: Final = 500
_MOST_EVENTS: Final = 5_000  # of a kind, as many as the candidate's recorder keeps
_MOST_WAITERS: Final = 20
_MOST_LINES: Final = 10_000_000


def plain(value: Any, most: int) -> str:
    """Return *value* as a text of at most *most* characters that can be written anywhere: no lone surrogates in it."""
    text = value if type(value) is str else str(value)
    return text[:most].encode("utf-8", "replace").decode("utf-8")


def line_from(data: Any) -> Line | None:
    """Return the line that ``[file, number, …]`` names, or None."""
    if type(data) is list and len(data) >= 2 and type(data[0]) is str and type(data[1]) is int:
        file, number = data[0], data[1]
        if len(file) <= _MAX_TEXT and file.isprintable() and 0 < number < _MOST_LINES:
            return Line(file, number)
    return None


def remote_error(data: Any, depth: int = 0) -> RemoteError:
    """Return the exception that *data* describes."""
    fields = data if type(data) is dict else {}
    types = tuple(plain(name, 200) for name in _list(fields.get("types"))[:20])
    frames = []
    for item in _list(fields.get("frames"))[:20]:
        line = line_from(item)
        if line is not None:
            frames.append(Frame(line, plain(item[-1], 80)))
    leaves = _list(fields.get("leaves"))[:5] if depth < 4 else []
    syntax = fields.get("syntax")
    return RemoteError(
        types or ("builtins.Exception",),
        plain(fields.get("message", ""), _MAX_TEXT),
        tuple(frames),
        tuple(remote_error(leaf, depth + 1) for leaf in leaves),
        _syntax(syntax) if type(syntax) is dict else None,
    )


def _syntax(data: dict[str, Any]) -> dict[str, Any]:
    column = data.get("column")
    return {
        "line": line_from(data.get("line")),
        "text": plain(data.get("text", ""), 200),
        "column": _int(column) or 0,
        "why": plain(data.get("why", ""), 200),
    }


def waiters(data: Any) -> tuple[Waiter, ...]:
    """Return who waits, and where."""
    found = []
    for item in _list(data)[:_MOST_WAITERS]:
        line = line_from(item.get("line")) if type(item) is dict else None
        if line is not None:
            found.append(Waiter(plain(item.get("who"), 60), line))
    return tuple(found)


def leftovers(data: Any) -> tuple[Leftover, ...]:
    """Return tasks, threads, coroutines or exceptions left behind."""
    return tuple(
        Leftover(
            plain(item.get("name", item.get("type", "")), 80),
            line_from(item.get("line")),
            plain(item.get("message", ""), 200),
        )
        for item in _list(data)[:_MOST_EVENTS]
        if type(item) is dict
    )


def holds(data: Any, until: int) -> tuple[Hold, ...]:
    """Return the times the loop was held, those that lie before tick *until*."""
    found = []
    for item in _list(data)[:_MOST_EVENTS]:
        start, end = (item.get("start"), item.get("end")) if type(item) is dict else (None, None)
        if type(start) is int and type(end) is int and 0 <= start <= end <= until:
            calls = item.get("calls")
            calls = calls if type(calls) is int and calls > 0 else 1
            found.append(Hold(start, end, plain(item.get("why"), 40), line_from(item.get("line")), calls))
    return tuple(found)


def waits(data: Any, until: int) -> tuple[Wait, ...]:
    """Return the times tasks were suspended, those that lie before tick *until*."""
    found = []
    for item in _list(data)[:_MOST_EVENTS]:
        start, end = (item.get("start"), item.get("end")) if type(item) is dict else (None, None)
        if type(start) is int and 0 <= start <= until and (end is None or (type(end) is int and start <= end <= until)):
            found.append(_wait(item, start, end))
    return tuple(found)


def _wait(item: dict[str, Any], start: int, end: int | None) -> Wait:
    chain = []
    for step in _list(item.get("chain"))[:30]:
        line = line_from(step[1:]) if type(step) is list else None
        if line is not None and _int(step[0]) is not None:
            chain.append(Step(step[0], line))
    task, parent, operation = (_int(item.get(name)) for name in ("task", "parent", "operation"))
    return Wait(task or 0, parent, plain(item.get("kind"), 20), operation, tuple(chain), start, end)


def names(data: dict[Any, Any], needed: Collection[str]) -> dict[str, str]:
    """Return what a module defines, name -> kind: what is *needed*, and of the rest so much as a module may have."""
    kept = dict(itertools.islice(data.items(), _MOST_EVENTS))
    kept.update((name, data[name]) for name in needed if name in data)
    return {plain(name, 200): plain(kind, 20) for name, kind in kept.items()}


def _int(value: Any) -> int | None:
    # No larger than what a float can tell: all of them are divided by something later.
    return value if type(value) is int and -wire.MAX_INT <= value <= wire.MAX_INT else None


def _list(value: Any) -> list[Any]:
    return value if type(value) is list else []
