"""A trace as plain data, which JSON can hold, and back: how the traced process hands it over. It traces nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from grader.evidence import Waiter
from grader.timeline import Hold, Line, Step
from grader.tracing.scale import words
from grader.tracing.trace import Ending, Lost, Pause, Run, Trace, TracedTask, Unawaited


class UnreadableTraceError(ValueError):
    """The data is not a trace; the message says what is wrong with it."""


def to_data(trace: Trace) -> dict[str, Any]:
    """Return *trace* as dicts, lists and plain values."""
    return {field.name: _plain(getattr(trace, field.name)) for field in fields(Trace)}


def from_data(data: Any) -> Trace:
    """Return the trace that `to_data` made *data* from; `UnreadableTraceError` for anything else."""
    try:
        trace = _made(Trace, data)
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
        raise UnreadableTraceError(f"not a trace: {error}") from None
    assert isinstance(trace, Trace)
    return trace


def until(trace: Trace, cut: int) -> Trace:
    """Return *trace* as if it had ended at tick *cut*, since when not everything was kept."""
    tasks = []
    for task in (task for task in trace.tasks if task.start <= cut):
        waits = [replace(wait, end=_before(wait.end, cut)) for wait in task.waits if wait.start <= cut]
        ended = _before(task.end, cut)
        changed = replace(task, end=ended, waits=tuple(waits), holds=_holds(task.holds, cut))
        tasks.append(changed if ended is not None else replace(changed, outcome="pending", left=False, error=""))
    runs = [replace(run, end=min(run.end, cut), holds=_holds(run.holds, cut)) for run in trace.runs if run.start <= cut]
    note = f"Too much happened to keep it all: shown are the first {words(cut)} of {words(trace.end)}."
    return replace(trace, end=min(trace.end, cut), tasks=tuple(tasks), runs=tuple(runs), notes=(*trace.notes, note))


def _before(end: int | None, cut: int) -> int | None:
    return end if end is not None and end <= cut else None


def _holds(holds: tuple[Hold, ...], cut: int) -> tuple[Hold, ...]:
    return tuple(replace(hold, end=min(hold.end, cut)) for hold in holds if hold.start < cut)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        # As a list: a name at each of ten thousand waits would be most of the data.
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    return value


def _made(kind: type[Any], data: Any) -> Any:
    names = [field.name for field in fields(kind)]
    values: dict[str, Any] = data if isinstance(data, dict) else dict(zip(names, data, strict=True))
    readers = _READERS.get(kind, {})
    return kind(**{name: readers[name](value) if name in readers else value for name, value in values.items()})


def _of(kind: type[Any]) -> Callable[[Any], Any]:
    return lambda data: _made(kind, data)


def _all(read: Callable[[Any], Any]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    return lambda data: tuple(read(item) for item in data)


def _line(data: Any) -> Line | None:
    return None if data is None else Line(str(data[0]), int(data[1]))


def _step(data: Any) -> Step:
    line = _line(data[1])
    assert line is not None
    return Step(int(data[0]), line)


def _source(data: Any) -> dict[str, tuple[str, ...]]:
    return {str(file): tuple(map(str, lines)) for file, lines in data.items()}


_READERS: Final[dict[type[Any], dict[str, Callable[[Any], Any]]]] = {
    Hold: {"line": _line},
    Waiter: {"line": _line},
    Pause: {"chain": _all(_step), "tasks": tuple},
    TracedTask: {"line": _line, "waits": _all(_of(Pause)), "holds": _all(_of(Hold))},
    Run: {"line": _line, "holds": _all(_of(Hold))},
    Unawaited: {"line": _line},
    Lost: {"line": _line},
    Ending: {"line": _line, "waiting": _all(_of(Waiter))},
    Trace: {
        "tasks": _all(_of(TracedTask)),
        "runs": _all(_of(Run)),
        "unawaited": _all(_of(Unawaited)),
        "lost": _all(_of(Lost)),
        "ending": _of(Ending),
        "source": _source,
        "notes": tuple,
    },
}
