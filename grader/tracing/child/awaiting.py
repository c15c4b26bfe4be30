"""What a suspended task waits for, read from its coroutines and its future. It changes nothing and keeps nothing."""

from __future__ import annotations

import asyncio
import gc
import types
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any, Final, NamedTuple

# As `grader.tracing.trace` names them, which the traced process has no time to import.
SLEEP, NETWORK, SIGNAL, THREAD, TASK, OTHER = "sleep", "network", "signal", "thread", "task", "other"
MOST_TASKS: Final = 500

# Packages that wait for somebody outside, whatever they build it on; one waits for a thread of its own.
_PACKAGES: Final = {
    **dict.fromkeys(("httpx", "httpcore", "aiohttp", "websockets", "asyncpg", "psycopg", "redis", "aiomysql"), NETWORK),
    **dict.fromkeys(("aiokafka", "asyncssh", "grpc", "motor", "pymongo", "aiosmtplib", "uvicorn"), NETWORK),
    "aiosqlite": THREAD,
    "aiofiles": THREAD,
}
_ASYNCIO: Final = {
    "asyncio.taskgroups": (TASK, "TaskGroup"),
    "asyncio.locks": (SIGNAL, ""),
    "asyncio.queues": (SIGNAL, ""),
    "asyncio.threads": (THREAD, "asyncio.to_thread"),
    "asyncio.subprocess": (THREAD, ""),
    "asyncio.base_subprocess": (THREAD, "a subprocess"),
    "asyncio.streams": (NETWORK, ""),
    "asyncio.base_events": (NETWORK, ""),
    "asyncio.selector_events": (NETWORK, ""),
    "asyncio.proactor_events": (NETWORK, ""),
    "asyncio.unix_events": (NETWORK, ""),
    "asyncio.sslproto": (NETWORK, ""),
}
_WRAPPERS: Final = {"async_generator_asend", "async_generator_athrow", "coroutine_wrapper", "anext_awaitable"}
_SUSPENDED: Final = (types.CoroutineType, types.AsyncGeneratorType, types.GeneratorType)


class Awaited(NamedTuple):
    """What a task waits for.

    kind and what: as in `trace.Pause`. chain: the learner's suspended coroutines, each with its line, outermost first.
    function: the innermost of them. tasks: those it waits for, as far as they can be known. futures: of several, those
    that are no tasks. call: the library's coroutine that the innermost awaits. due: the loop's time (in seconds) at
    which a pause is over, if nothing keeps the loop from it.
    """

    kind: str
    what: str = ""
    chain: Sequence[tuple[Any, list[Any]]] = ()
    function: str = ""
    tasks: Sequence[asyncio.Task[Any]] = ()
    futures: Sequence[asyncio.Future[Any]] = ()
    call: Any = None
    due: float | None = None


def coroutine_of(task: asyncio.Task[Any]) -> Any:
    """Return the coroutine of a task that has not ended, else None: 3.12.1 crashes on that of an eager one."""
    return None if task.done() else task.get_coro()


def look(task: asyncio.Task[Any], line_of: Callable[[str, int], list[Any] | None]) -> Awaited:
    """Return what *task*, which is suspended, waits for; line_of: tells the learner's lines from others (None)."""
    chain: list[tuple[Any, list[Any]]] = []
    beyond: list[FrameType] = []  # what the innermost of the learner's coroutines waits in
    function, call = "", None
    for awaitable, frame in _frames(coroutine_of(task)):
        line = line_of(frame.f_code.co_filename, frame.f_lineno)
        if line is None:
            call = call or awaitable
            beyond.append(frame)
        else:
            chain.append((awaitable, line))
            function = frame.f_code.co_name
            call = None
            beyond.clear()
    kind, what, awaited = _meaning(beyond, getattr(task, "_fut_waiter", None))
    timer = beyond[-1].f_locals.get("h") if kind == SLEEP and beyond else None
    due = timer.when() if isinstance(timer, asyncio.TimerHandle) else None
    tasks = [item for item in awaited if isinstance(item, asyncio.Task)]
    futures = [item for item in awaited if isinstance(item, asyncio.Future) and not isinstance(item, asyncio.Task)]
    return Awaited(kind, what, chain, function, tasks[:MOST_TASKS], futures[:MOST_TASKS], call, due)


def _frames(awaitable: Any) -> Iterator[tuple[Any, FrameType]]:
    while awaitable is not None:
        for prefix in ("cr", "ag", "gi"):
            frame = getattr(awaitable, prefix + "_frame", None)
            if frame is not None:
                yield awaitable, frame
                break
        else:
            return
        awaitable = _within(getattr(awaitable, "gi_yieldfrom" if prefix == "gi" else prefix + "_await", None))


def _within(awaitable: Any) -> Any:
    """Return the coroutine or generator in a wrapper of Python's, which has no attribute that says so."""
    if type(awaitable).__name__ not in _WRAPPERS:
        return awaitable
    inside = next((item for item in gc.get_referents(awaitable) if isinstance(item, _SUSPENDED)), None)
    if inside is None:  # a wrapper in a wrapper: the default of `anext`
        inside = next((item for item in gc.get_referents(awaitable) if type(item).__name__ in _WRAPPERS), None)
        return None if inside is None else _within(inside)
    return inside


def _meaning(frames: list[FrameType], future: Any) -> tuple[str, str, list[Any]]:
    """Return kind, what and the awaited for a wait in *frames* of libraries, outermost first, that ends in *future*."""
    for frame in frames:
        module = str(frame.f_globals.get("__name__"))
        package = module.partition(".")[0]
        if package in _PACKAGES:
            return _PACKAGES[package], package, []
        if package == "anyio" and "run_sync" in frame.f_code.co_name:
            return THREAD, "anyio.to_thread", []
        name = frame.f_code.co_qualname
        if package == "anyio" and name.startswith("TaskGroup."):
            return TASK, "TaskGroup", list(getattr(frame.f_locals.get("self"), "_tasks", None) or ())
        if module == "asyncio.tasks":
            found = _in_tasks(name.partition(".")[0], frame)
        else:
            found = _in_asyncio(module, name, frame)
        if found is not None:
            return found
    return _of_future(future, known=not frames)


def _in_tasks(name: str, frame: FrameType) -> tuple[str, str, list[Any]] | None:
    if name == "sleep":
        return SLEEP, "asyncio.sleep", []
    if name in {"wait", "_wait"}:
        return TASK, "asyncio.wait", list(frame.f_locals.get("fs") or ())
    if name in {"as_completed", "_AsCompletedIterator"}:
        return TASK, "asyncio.as_completed", []
    if name == "wait_for" and isinstance(frame.f_locals.get("fut"), asyncio.Task):  # before Python 3.12
        return TASK, "asyncio.wait_for", [frame.f_locals["fut"]]
    return None


def _in_asyncio(module: str, name: str, frame: FrameType) -> tuple[str, str, list[Any]] | None:
    kind, what = _ASYNCIO.get(module, ("", ""))
    if not kind or name.startswith("_ContextManagerMixin"):
        return None
    owner = frame.f_locals.get("self")
    if module == "asyncio.taskgroups":
        return kind, what, list(getattr(owner, "_tasks", None) or ())
    if "subprocess" in name or "executor" in name or "Pipe" in type(getattr(owner, "_transport", None)).__name__:
        return THREAD, "a subprocess" if "executor" not in name else "a thread", []
    if kind == SIGNAL and owner is not None:
        name = f"{type(owner).__name__}.{name.rpartition('.')[2]}"  # a PriorityQueue's get is a Queue's
    return kind, what or name.removeprefix("BaseEventLoop.").removeprefix("BaseSelectorEventLoop."), []


def _of_future(future: Any, *, known: bool) -> tuple[str, str, list[Any]]:
    """Return what waiting for *future* means; *known*: the learner's own coroutine awaits it."""
    if isinstance(future, asyncio.Task):
        return TASK, "a task", [future]
    if type(future).__name__ == "_GatheringFuture":
        return TASK, "asyncio.gather", list(getattr(future, "_children", None) or ())
    for callback, _ in getattr(future, "_callbacks", None) or ():
        name = getattr(callback, "__qualname__", "")
        if name.startswith("_chain_future"):
            return THREAD, "run_in_executor", []
        if name.startswith("shield"):
            cells = [cell.cell_contents for cell in callback.__closure__ or ()]
            return TASK, "asyncio.shield", [cell for cell in cells if isinstance(cell, asyncio.Task)]
    return (SIGNAL, "a future", []) if known else (OTHER, "", [])
