"""What runs beside the learner's module: objects to look at, and coroutines to drive. It tells what happened."""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import functools
import inspect
import sys
import traceback
from collections.abc import Callable
from typing import Any, Self

_TOUCHES = {"send", "throw", "close", "asend", "athrow", "aclose", "cancel", "set_result", "set_exception", "__next__"}


def line_in(module: Any, caller_of: str | None = None) -> int:
    """Return the innermost line of the learner's module on the stack, or 0; *caller_of*: only outside this function."""
    frame, outside = sys._getframe(1), caller_of is None
    while frame is not None and not (outside and frame.f_code.co_filename == module.__file__):
        outside = outside or frame.f_code.co_name == caller_of
        frame = frame.f_back
    return 0 if frame is None else frame.f_lineno


class Watch:
    """Calls a function of the learner's, and notes at which line it returned and what it did to its argument."""

    def __init__(self, function: Callable[[Any], Any], target: object) -> None:
        self.code = getattr(inspect.unwrap(function), "__code__", None)
        self.function, self.target, self.before = function, target, _state(target)
        self.returned, self.touched = 0, None

    def __call__(self) -> Any:
        profile = sys.getprofile()
        sys.setprofile(self._note)
        try:
            return self.function(self.target)
        finally:
            sys.setprofile(profile)

    def _note(self, frame: Any, event: str, arg: Any) -> None:
        if self.code is None or frame.f_code.co_filename != self.code.co_filename:
            return
        if event == "return" and frame.f_code is self.code:
            self.returned = frame.f_lineno
        if self.touched is None and _state(self.target) != self.before:
            self.touched = ["changed", frame.f_lineno]
        named = event == "c_call" and getattr(arg, "__self__", None) is self.target and arg.__name__
        if self.touched is None and named in _TOUCHES:
            self.touched = [f"{named}()", frame.f_lineno]


# -- kind_of -----------------------------------------------------------------------------------------------


async def kind_of(module: Any, names: list[str]) -> dict[str, Any]:
    """Show kind_of the objects called *names*, in this order, up to the first that it does something to.

    Returns answers: name -> [answer, line of the return]; touched: [name, what was done, line] or None.
    """
    async with Cabinet(module) as cabinet:
        answers: dict[str, Any] = {}
        for name in names:
            watch = Watch(module.kind_of, cabinet.objects[name])
            cabinet.ran = None
            answers[name] = [watch(), watch.returned]
            touched = watch.touched if cabinet.ran is None else ["called", cabinet.ran]
            if touched is not None:
                return {"answers": answers, "touched": [name, *touched]}
        return {"answers": answers, "touched": None}


def _state(target: Any) -> Any:
    # Where a coroutine or generator stands; the same for anything else.
    frames = [getattr(target, f"{prefix}_frame", None) for prefix in ("cr", "gi", "ag")]
    return [None if frame is None else frame.f_lasti for frame in frames]


class Cabinet:
    """One object of every sort, made afresh in a running loop. ran: the learner's line that ran one of them."""

    def __init__(self, module: Any) -> None:
        self.module: Any = module
        self.ran: int | None = None

    def note(self, *_: object, **__: object) -> int:
        if self.ran is None:
            self.ran = line_in(self.module)
        return 0

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        never = loop.create_future()
        self.objects = {**self._functions(), **self._plain(), "future": never}
        await self._started()
        task = loop.create_task(_wait_for(never))
        done, result = loop.create_task(_wait_for(None)), loop.create_future()
        result.set_result(1)
        await done
        self.gathered = asyncio.gather(_wait_for(never), _wait_for(never))
        await asyncio.sleep(0)
        self.objects |= {"task": task, "task done": done, "future done": result, "gather": self.gathered}
        return self

    def _functions(self) -> dict[str, Any]:
        note = self.note

        async def fetch(*_: object) -> int:
            return note()

        async def stream(*_: object) -> Any:
            note()
            yield 1

        def count(*_: object) -> Any:
            note()
            yield 1

        class Machine:
            def __init__(self, *_: object) -> None:
                note()

            def __call__(self, *_: object) -> int:
                return note()

        Machine.fetch, Machine.stream, Machine.count = fetch, stream, count
        with_a_method: Any = Machine()
        self.ran = None
        return {
            "fetch": fetch,
            "stream": stream,
            "count": count,
            "method fetch": with_a_method.fetch,
            "method stream": with_a_method.stream,
            "method count": with_a_method.count,
            "partial": functools.partial(fetch, 1),
            "plain": lambda *_: note(),
            "forwards": lambda *_: (note(), fetch())[1],
            "class": Machine,
            "callable": with_a_method,
        }

    def _plain(self) -> dict[str, Any]:
        note = self.note

        class Awaitable:
            def __await__(self) -> Any:
                note()
                yield

        return {
            "awaitable": Awaitable(),
            "awaitable class": Awaitable,
            "iterator": iter([1, 2]),
            "number": 42,
            "text": "coroutine",
            "none": None,
        }

    async def _started(self) -> None:
        functions = self.objects
        suspended, ended = _wait_for(Pause(self.module, 1, {"over": True}), self.note), _wait_for(None)
        suspended.send(None)
        with contextlib.suppress(StopIteration):
            ended.send(None)

        def counting() -> Any:
            yield 1
            yield self.note()

        async def streaming() -> Any:
            yield 1
            yield self.note()

        half, half_stream = counting(), streaming()
        next(half)
        await anext(half_stream)
        self.objects |= {
            "coroutine": functions["fetch"](),
            "coroutine suspended": suspended,
            "coroutine ended": ended,
            "async generator": functions["stream"](),
            "async generator half": half_stream,
            "generator": functions["count"](),
            "generator half": half,
            "generator expression": (number for number in [1]),
        }

    async def __aexit__(self, *_: object) -> None:
        self.objects["future"].cancel()
        await asyncio.gather(self.objects["task"], self.gathered, return_exceptions=True)
        for name in ("coroutine", "coroutine suspended"):
            self.objects[name].close()
        await self.objects["async generator half"].aclose()


async def _wait_for(awaitable: Any, note: Callable[[], object] = int) -> None:
    if awaitable is not None:
        await awaitable
    note()


# -- drive -------------------------------------------------------------------------------------------------


class Pause:
    """Suspends *times* times. log: what came in meanwhile, and from which line."""

    def __init__(self, module: Any, times: int, log: dict[str, Any]) -> None:
        self.module, self.times, self.log = module, times, log

    def __await__(self) -> Any:
        for _ in range(self.times):
            try:
                sent = yield
            except BaseException as thrown:
                if not self.log["over"]:
                    self.log["thrown"] = [type(thrown).__name__, line_in(self.module)]
                raise
            self.log["resumed"] += 1
            if sent is not None:
                self.log["sent"] = [repr(sent)[:40], line_in(self.module)]


async def _nested(module: Any, pauses: list[int], log: dict[str, Any], end: Any) -> Any:
    # One coroutine for each number of *pauses*, each awaiting the next; the innermost returns or raises *end*.
    with contextlib.suppress(RuntimeError):
        asyncio.get_running_loop()
        log["loop"] = [line_in(module, "run_forever")]
    await Pause(module, pauses[0], log)
    if len(pauses) > 1:
        return await _nested(module, pauses[1:], log, end)
    if isinstance(end, BaseException):
        raise end
    return end


def drive(module: Any, times: int, pauses: list[int], value: Any, error: str | None) -> list[dict[str, Any]]:
    """Drive a coroutine that returns *value*, or raises *error* with this message; what happened each time."""
    one = _Drive(module, pauses, value, error)
    return [one.observed() for _ in range(times)]


class _Drive:
    """One coroutine, to be driven."""

    def __init__(self, module: Any, pauses: list[int], value: Any, error: str | None) -> None:
        found = getattr(builtins, error, None) or getattr(asyncio, error) if error else None
        self.module, self.planned = module, found and found(value)
        self.log = {"resumed": 0, "over": False, "sent": None, "thrown": None, "loop": None}
        self.coro = _nested(module, pauses, self.log, self.planned or value)

    def observed(self) -> dict[str, Any]:
        watch = Watch(self.module.drive, self.coro)
        seen: dict[str, Any] = {"how": "returned", "value": None, "line": 0}
        try:
            seen["value"] = watch()
            seen["line"] = watch.returned
            seen["how"] = self._handed_back(seen["value"])
        except BaseException as error:
            seen["how"] = self._raised(error)
            if seen["how"] is None:
                raise
            seen["value"], seen["line"] = f"{type(error).__name__}: {error}", _innermost(error, self.module)
        finally:
            self.log["over"] = True
            seen["state"] = inspect.getcoroutinestate(self.coro)
            with contextlib.suppress(Exception):  # it may be running still, in a thread
                self.coro.close()
        return {**seen, **self.log}

    def _handed_back(self, value: Any) -> str:
        if value is self.coro:
            return "itself"
        if not inspect.iscoroutine(value) and not inspect.isgenerator(value):
            return "returned"
        value.close()
        return type(value).__name__

    def _raised(self, error: BaseException) -> str | None:
        if error is self.planned or self.log["loop"] or self.log["thrown"]:
            return "planned" if error is self.planned else "other"  # a loop explains whatever came of it
        if self.planned is not None and self.planned in (error.__cause__, error.__context__):
            return "another"
        if isinstance(error, StopIteration):
            return "escaped"
        if isinstance(error, TypeError | AttributeError) and "coroutine" in str(error):
            return "misused"
        if not self.log["over"] or isinstance(error, NotImplementedError | RecursionError):
            return None
        return "refused" if isinstance(error, RuntimeError) else "error"


def _innermost(error: BaseException, module: Any) -> int:
    steps = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in steps if frame.f_code.co_filename == module.__file__]
    return lines[-1] if lines else 0
