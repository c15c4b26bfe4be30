"""Calls of the learner's functions, over the link, and what comes back of them. It expects nothing of the results."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from typing import Any, Final

from grader import wire
from grader.evidence import CheckFailed, Died, Missing, RemoteError, Swallowed, Timing, WrongKind
from grader.exercise import last_return
from grader.judge.check import Check
from grader.judge.link import Link
from grader.judge.remote import line_from, remote_error
from grader.ticks import to_seconds
from grader.values import Opaque, decode, encode

_CANCEL_GRACE: Final = {True: 60.0, False: 3.0}


class SubmissionError(Exception):
    """The learner's code raised; `error` says what and where."""

    def __init__(self, function: str, error: RemoteError) -> None:
        super().__init__(f"{function}() raised {error.name}: {error.message}")
        self.function = function
        self.error = error


class Calls:
    """The calls of one check. elapsed: ticks that they have taken since somebody set it to 0, None while nobody counts.

    cut_off: the timing at which a call is ended, on the real clock.
    """

    def __init__(self, check: Check) -> None:
        self._check = check
        self.elapsed: int | None = None
        self.cut_off: Timing | None = None

    async def _begin(self, name: str, *, inside: bool) -> Link:
        link = await self._check.link()
        functions = self._check.exercise.functions
        if inside:
            # A function of ours may need any of the learner's; its name begins with the one that it is about.
            for needed, kind in functions.items():
                self._require(needed)
                if kind == "async" and self._check.names[needed] == "stream":
                    raise CheckFailed(WrongKind(needed, "async def", "an async generator", None))
            about = [function for function in functions if f"{name}_".startswith(f"{function}_")]
            self._check.called = max(about, key=len) if about else self._check.called or next(iter(functions))
        else:
            self._require(name)
            self._check.called = name
        if not self._check.rules.virtual and self._check.allowed_hold is not None:
            link.send({"type": "watch"})
        if self._check.start is None:
            self._check.start = link.now()
        return link

    def _require(self, name: str) -> None:
        names = self._check.names
        if name not in names or (names[name] == "other" and self._check.exercise.functions[name] != "value"):
            near = difflib.get_close_matches(name, [n for n, kind in names.items() if kind != "other"], 1, 0.5)
            found = "a value" if name in names else None
            raise CheckFailed(Missing(name, near[0] if near else None, found, self._check.exercise.functions[name]))

    async def call(
        self, name: str, kind: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, inside: bool = False
    ) -> Any:
        """Return what the function *name* returns; of a stream, the number by which its items are asked for.

        kind: as in `Exercise.functions`. inside: it is one of the exercise's ``inside.py``. `SubmissionError` when it
        raises, `CheckFailed` when it is not there, of another kind, or does not end.
        """
        link = await self._begin(name, inside=inside)
        if inside:
            found = self._check.inside.get(name)
            if found not in {"async", "plain", "stream"}:
                own = self._check.exercise.inside
                if own is not None and last_return(own, name) is not None:
                    raise CheckFailed(Died("wire", f"it denies that the exercise's own file defines {name}"))
                raise LookupError(f"{self._check.exercise.name}/inside.py defines no function {name!r}")
            kind = found
        started = link.now()
        number, reply = await self._exchange(
            link,
            name,
            {
                "type": "call",
                "function": name,
                "inside": inside,
                "mode": kind,
                "args": [encode(arg, self._check.callables.name) for arg in args],
                "kwargs": {key: encode(arg, self._check.callables.name) for key, arg in kwargs.items()},
                "pool": self._check.rules.pool,
            },
        )
        self._check.end = link.now()
        if self.elapsed is not None:
            self.elapsed += self._check.end - started
        if inside:
            name = self._check.called  # the learner knows their own function, not ours
        return self._result(name, "item" if inside and kind == "plain" else kind, number, reply)

    async def _exchange(self, link: Link, name: str, message: wire.Message) -> tuple[int, wire.Message]:
        number = link.number()
        key = f"call {number}"
        request = link.request(key, {**message, "id": number})
        cut = self.cut_off
        try:
            if cut is None:
                return number, await request
            return number, await asyncio.wait_for(request, to_seconds(cut.elapsed))
        except asyncio.CancelledError:
            await self._cancel(link, name, number)
            raise
        except TimeoutError:
            assert cut is not None
            self._check.end, self._check.timing = link.now(), cut
            link.child.kill()  # it is too slow already: no need to wait for its end
            raise CheckFailed(cut) from None

    async def _cancel(self, link: Link, name: str, number: int) -> None:
        """Cancel a call and wait for its end; `CheckFailed` when it does not end as cancelled."""
        reply = link.reply_to(f"call {number}")
        link.send({"type": "cancel", "id": number})
        try:
            message = await asyncio.wait_for(reply, _CANCEL_GRACE[self._check.rules.virtual])
        except TimeoutError:
            raise CheckFailed(Swallowed(name, "kept running")) from None
        self._check.end = link.now()
        if message["type"] == "done":
            raise CheckFailed(Swallowed(name, "returned"))
        error = remote_error(message["error"])
        if not error.is_a("CancelledError"):
            raise SubmissionError(name, error)

    def _result(self, name: str, kind: str, number: int, reply: wire.Message) -> Any:
        if reply["type"] == "failed":
            error = remote_error(reply["error"])
            if self._check.rules.in_process and (error.is_a("BdbQuit") or error.types[0].endswith("outcomes.Exit")):
                raise KeyboardInterrupt("the debugger was left")
            raise SubmissionError(name, error)
        self._check.returned = line_from(reply["line"])
        value = _decoded(reply["value"])
        if kind == "async" and reply["how"] != "returned":
            seen = "an async generator" if reply["how"] == "stream" else "a plain function"
            raise CheckFailed(WrongKind(name, "async def", seen, value))
        if kind == "plain" and isinstance(value, Opaque) and value.kind == "coroutine":
            raise CheckFailed(WrongKind(name, "def", "a coroutine function", value))
        if kind == "stream":
            if reply["how"] != "stream":
                raise CheckFailed(WrongKind(name, "an async generator", "a function that returns", value))
            return number
        return value

    async def stream(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, inside: bool = False
    ) -> AsyncIterator[Any]:
        """Yield the items of the async generator *name*; errors as those of `call`."""
        stream = await self.call(name, "stream", args, kwargs, inside=inside)
        link = await self._check.link()
        request = {"type": "call", "function": name, "mode": "next", "stream": stream, "close": False, "pool": 0}
        try:
            while True:
                _, reply = await self._exchange(link, name, request)
                self._check.end = link.now()
                value = self._result(name, "item", stream, reply)
                if reply["how"] == "end":
                    return
                yield value
        finally:
            if link.died is None:
                _, reply = await self._exchange(link, name, {**request, "close": True})
                self._result(name, "item", stream, reply)


class Function:
    """One function of the learner's, to be called."""

    def __init__(self, calls: Calls, name: str, kind: str) -> None:
        self._calls = calls
        self._name = name
        self._kind = kind

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what is to be awaited, or iterated where it is an async generator."""
        if self._kind == "stream":
            return self._calls.stream(self._name, args, kwargs)
        result: Awaitable[Any] = self._calls.call(self._name, self._kind, args, kwargs)
        return result


class Inside:
    """The functions of the exercise's ``inside.py``."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> _InsideCall:
            return _InsideCall(self._calls, name, args, kwargs)

        return call


class _InsideCall:
    """A call to be awaited or, where the function is an async generator, iterated."""

    def __init__(self, calls: Calls, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._calls, self._name, self._args, self._kwargs = calls, name, args, kwargs

    def __await__(self) -> Generator[Any, None, Any]:
        return self._calls.call(self._name, "inside", self._args, self._kwargs, inside=True).__await__()

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._calls.stream(self._name, self._args, self._kwargs, inside=True)


def _decoded(data: Any) -> Any:
    try:
        return decode(data)
    except ValueError as error:  # the candidate's own code encodes no such thing
        raise CheckFailed(Died("wire", str(error))) from None
