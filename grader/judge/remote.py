"""Reads what a candidate says about itself: lines, exceptions, leftovers. Anything malformed reads as nothing."""

from __future__ import annotations

from typing import Any, Final

from grader.evidence import Frame, Leftover, RemoteError
from grader.timeline import Hold, Line, Step, Wait

_MAX_TEXT: Final = 500


def line_from(data: Any) -> Line | None:
    """Return the line that ``[file, number, …]`` names, or None."""
    if type(data) is list and len(data) >= 2 and type(data[0]) is str and type(data[1]) is int:
        return Line(data[0][:300], data[1])
    return None


def remote_error(data: Any, depth: int = 0) -> RemoteError:
    """Return the exception that *data* describes."""
    fields = data if type(data) is dict else {}
    types = tuple(str(name)[:200] for name in _list(fields.get("types")))[:20]
    frames = []
    for item in _list(fields.get("frames"))[:20]:
        line = line_from(item)
        if line is not None:
            frames.append(Frame(line, str(item[-1])[:80]))
    leaves = _list(fields.get("leaves"))[:5] if depth < 4 else []
    syntax = fields.get("syntax")
    return RemoteError(
        types or ("builtins.Exception",),
        str(fields.get("message", ""))[:_MAX_TEXT],
        tuple(frames),
        tuple(remote_error(leaf, depth + 1) for leaf in leaves),
        _syntax(syntax) if type(syntax) is dict else None,
    )


def _syntax(data: dict[str, Any]) -> dict[str, Any]:
    column = data.get("column")
    return {
        "line": line_from(data.get("line")),
        "text": str(data.get("text", ""))[:200],
        "column": column if type(column) is int else 0,
        "why": str(data.get("why", ""))[:200],
    }


def leftovers(data: Any) -> tuple[Leftover, ...]:
    """Return tasks, threads, coroutines or exceptions left behind."""
    found = []
    for item in _list(data):
        if type(item) is dict:
            name = str(item.get("name", item.get("type", "")))[:80]
            found.append(Leftover(name, line_from(item.get("line")), str(item.get("message", ""))[:200]))
    return tuple(found)


def holds(data: Any) -> tuple[Hold, ...]:
    """Return the times the loop was held."""
    return tuple(
        Hold(
            item["start"],
            item["end"],
            str(item.get("why"))[:40],
            line_from(item.get("line")),
            _int(item.get("calls")) or 1,
        )
        for item in _list(data)
        if type(item) is dict and type(item.get("start")) is int and type(item.get("end")) is int
    )


def waits(data: Any) -> tuple[Wait, ...]:
    """Return the times tasks were suspended."""
    return tuple(_wait(item) for item in _list(data) if type(item) is dict and type(item.get("start")) is int)


def _wait(item: dict[str, Any]) -> Wait:
    chain = []
    for step in _list(item.get("chain"))[:30]:
        line = line_from(step[1:]) if type(step) is list else None
        if line is not None and type(step[0]) is int:
            chain.append(Step(step[0], line))
    return Wait(
        _int(item.get("task")) or 0,
        _int(item.get("parent")),
        str(item.get("kind"))[:20],
        _int(item.get("operation")),
        tuple(chain),
        item["start"],
        _int(item.get("end")),
    )


def _int(value: Any) -> int | None:
    return value if type(value) is int else None


def _list(value: Any) -> list[Any]:
    return value if type(value) is list else []
