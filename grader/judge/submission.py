"""What a check sees of the learner's code: functions to call, errors to expect, time to measure."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable, Iterator, Sequence
from typing import Any, Final, NoReturn

from grader import wire
from grader.evidence import (
    CheckFailed,
    Clients,
    Died,
    Failure,
    Left,
    Mismatch,
    Missing,
    NotRaised,
    Raised,
    RemoteError,
    Said,
    Swallowed,
    Timing,
    WrongKind,
)
from grader.exercise import last_return, lines_of
from grader.judge.check import Check
from grader.judge.isolation.level import Level
from grader.judge.link import Link
from grader.judge.remote import line_from, remote_error
from grader.prediction import how_long, in_order
from grader.ticks import to_seconds, to_ticks
from grader.timeline import Line, Operation
from grader.values import Opaque, decode, encode

# One delay on each clock, in seconds, and the bound of the real one, in delays: noise only ever adds.
VIRTUAL_DELAY: Final = 1.0
REAL_DELAY: Final = 0.2
REAL_AT_MOST: Final = 7.0
_CANCEL_GRACE: Final = {True: 60.0, False: 3.0}
_MOST_HELD: Final = 0.5


class SubmissionError(Exception):
    """The learner's code raised; `error` says what and where."""

    def __init__(self, function: str, error: RemoteError) -> None:
        super().__init__(f"{function}() raised {error.name}: {error.message}")
        self.function = function
        self.error = error


class Submission:
    """The learner's module. ``submission.f(...)`` calls its function ``f`` in the candidate.

    The result of a coroutine function and of a plain one is awaited; an async generator is iterated.
    delay: one unit of waiting in this check, in seconds of its clock. inside: ``submission.inside.g(...)`` calls a
    function of the exercise's ``inside.py`` in the candidate, with the learner's module as its first argument.
    """

    def __init__(self, check: Check) -> None:
        self._check = check
        self._cut_off: Timing | None = None
        self._elapsed: int | None = None
        self.delay = VIRTUAL_DELAY if check.rules.virtual else REAL_DELAY
        check.delay = to_ticks(self.delay)
        self.inside = _Inside(self)

    def __getattr__(self, name: str) -> _Function:
        if name.startswith("_") or name not in self._check.exercise.functions:
            raise AttributeError(f"the exercise declares no function {name!r}")
        return _Function(self, name, self._check.exercise.functions[name])

    # -- what is known of the learner's file -----------------------------------------------------------------

    @property
    def source(self) -> str:
        """The text of the learner's file; never run it here."""
        return "\n".join(lines_of(self._check.submission))

    def line(self, pattern: str) -> Line | None:
        """Return the first line on which *pattern* (a regular expression) is found, comments left out, or None."""
        for number, text in enumerate(self.source.splitlines(), 1):
            if re.search(pattern, text.partition("#")[0]):
                return Line(self._check.submission.name, number)
        return None

    def definition(self, name: str) -> Line | None:
        """Return the line on which the function or class *name* is defined, or None."""
        return self.line(rf"^\s*(async\s+def|def|class)\s+{re.escape(name)}\b")

    @property
    def calls(self) -> Sequence[Operation]:
        """The calls of the judge's functions and the requests so far, by start; each knows the learner's line."""
        return tuple(self._check.operations)

    def door(self) -> socket.socket:
        """Return a socket that listens on 127.0.0.1, where the learner's code can connect to; the caller closes it."""
        return self._check.door()

    @property
    def kept_apart(self) -> bool:
        """Whether the learner's code sees no files but its own, and those in ``tmp_path``."""
        return self._check.isolation >= Level.STRONG

    def note(self, name: str, start: float, end: float, line: Line | None = None) -> None:
        """Add an interval that the check observed, in seconds of `time.monotonic`, to the timeline."""
        self._check.operations.append(Operation("job", to_ticks(start), to_ticks(end), name, line))
        self._check.end = max(self._check.end, to_ticks(end))

    def predicted_time(self, program: str, seconds: object, spans: Iterable[tuple[str, float, float]]) -> None:
        """Tell what the learner predicted of *program*, and what it did, to be shown to a learner who has predicted.

        program: how one would write it, ``limited([3, 1, 2], 2)``. seconds: the learner's answer, whatever it is.
        spans: (name, start, end) of what the test's own program did, in seconds since it began; those with one name
        share a row. A check has one prediction, the one that is told last; it has no part in the verdict.
        """
        self._check.prediction = how_long(program, seconds, spans)

    def predicted_lines(self, program: str, lines: object, said: Sequence[tuple[str, float]]) -> None:
        """Tell which lines the learner predicted, whatever they are, and what was *said*: (line, seconds), in order."""
        self._check.prediction = in_order(program, lines, said)

    # -- expectations --------------------------------------------------------------------------------------

    def fail(self, code: str, seen: str, line: Line | None = None) -> NoReturn:
        """Fail the check with a diagnosis whose words are in the exercise's ``mistakes.toml``.

        code: a key there; what follows a dot in it is a variant of the words only. seen: what happened. line: the one
        that did it; without it, the report shows where the function returned, and leaves out what the line does.
        """
        words = self._check.exercise.mistakes[code]
        mark = words.get("mark", "") if line is not None else ""
        said = Said(code.partition(".")[0], words["title"], seen, line, mark, words["hint"])
        raise CheckFailed(said)

    @contextlib.contextmanager
    def takes(
        self,
        ideal: float,
        *,
        at_most: float,
        at_least: float | None = None,
        serial: float,
        delay: float | None = None,
        hold: float | None = None,
    ) -> Iterator[None]:
        """Bound the time of the calls in the block; `CheckFailed` with a `Timing` outside the bounds.

        ideal, at_most, at_least (default: ideal), serial: in delays; serial is what one after another takes.
        delay: seconds, `self.delay` by default. On the real clock the bound is the generous one of the design.
        hold: for how many delays in a row the loop may be held, half a delay by default; on the real clock it is
        measured only if it is given.
        """
        real = not self._check.rules.virtual
        unit = to_ticks(self.delay if delay is None else delay)
        upper = max(at_most, min(REAL_AT_MOST, serial * 0.75)) if real else at_most
        lower = (ideal if at_least is None else at_least) * (0.95 if real else 1.0)
        self._elapsed = 0
        self._cut_off = (
            Timing(to_ticks(to_seconds(unit) * upper) + 1, unit, ideal, lower, upper, serial, real) if real else None
        )
        self._check.allowed_hold = None
        if hold is not None or not real:
            self._check.allowed_hold = round(unit * (_MOST_HELD if hold is None else hold))
        try:
            yield
        except CheckFailed as failed:
            # A wrong value that came too late is first of all too late.
            if not isinstance(failed.failure, Mismatch) or self._elapsed <= unit * upper:
                raise
        finally:
            elapsed, self._elapsed, self._cut_off = self._elapsed, None, None
        timing = Timing(elapsed, unit, ideal, lower, upper, serial, real)
        self._check.timing = timing
        if not lower <= timing.delays <= upper:
            raise CheckFailed(timing)

    @contextlib.contextmanager
    def raises(self, name: str, *, because: str) -> Iterator[None]:
        """Expect the call in the block to raise an exception called *name*, bare or in a group."""
        try:
            yield
        except SubmissionError as raised:
            if not raised.error.is_a(name):
                raise
        else:
            called = self._check.called or next(iter(self._check.exercise.functions))
            raise CheckFailed(NotRaised(name, because, called))

    async def leaves_nothing_behind(self) -> None:
        """Expect that no task, thread, un-awaited coroutine or unseen exception is left now."""
        await self._settle()
        left = self._check.evidence(Left())
        if left.tasks_left or left.threads_left or left.never_awaited or left.unretrieved:
            raise CheckFailed(Left())

    async def _settle(self) -> None:
        await self._check.settle()
        if self._check.unsettled is not None:
            raise CheckFailed(self._check.unsettled)

    async def new_loop(self) -> None:
        """End the candidate's event loop, so that the next call begins another, as a second ``asyncio.run()`` does."""
        link = await self._check.link()
        await link.request("renewed", {"type": "renew"})

    async def opens_one_client(self) -> None:
        """Expect that one HTTP client was opened, and that it is closed now."""
        await self._settle()
        clients = self._check.clients()
        if len(clients) != 1 or not clients[0].closed:
            raise CheckFailed(Clients(clients))

    # -- calls ---------------------------------------------------------------------------------------------

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

    async def _call(
        self, name: str, kind: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, inside: bool = False
    ) -> Any:
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
        if self._elapsed is not None:
            self._elapsed += self._check.end - started
        if inside:
            name = self._check.called  # the learner knows their own function, not ours
        return self._result(name, "item" if inside and kind == "plain" else kind, number, reply)

    async def _exchange(self, link: Link, name: str, message: wire.Message) -> tuple[int, wire.Message]:
        number = link.number()
        key = f"call {number}"
        request = link.request(key, {**message, "id": number})
        cut = self._cut_off
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

    async def _stream(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, inside: bool = False
    ) -> AsyncIterator[Any]:
        stream = await self._call(name, "stream", args, kwargs, inside=inside)
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


class _Function:
    def __init__(self, submission: Submission, name: str, kind: str) -> None:
        self._submission = submission
        self._name = name
        self._kind = kind

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._kind == "stream":
            return self._submission._stream(self._name, args, kwargs)
        result: Awaitable[Any] = self._submission._call(self._name, self._kind, args, kwargs)
        return result


class _Inside:
    """The functions of the exercise's ``inside.py``."""

    def __init__(self, submission: Submission) -> None:
        self._submission = submission

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> _InsideCall:
            return _InsideCall(self._submission, name, args, kwargs)

        return call


class _InsideCall:
    """A call to be awaited or, where the function is an async generator, iterated."""

    def __init__(self, submission: Submission, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._submission, self._name, self._args, self._kwargs = submission, name, args, kwargs

    def __await__(self) -> Generator[Any, None, Any]:
        return self._submission._call(self._name, "inside", self._args, self._kwargs, inside=True).__await__()

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._submission._stream(self._name, self._args, self._kwargs, inside=True)


def _decoded(data: Any) -> Any:
    try:
        return decode(data)
    except ValueError as error:  # the candidate's own code encodes no such thing
        raise CheckFailed(Died("wire", str(error))) from None


def failure_of(error: BaseException) -> Failure | None:
    """Return the learner's failure that *error* stands for, or None when it is no fault of theirs."""
    if isinstance(error, CheckFailed):
        return error.failure
    if isinstance(error, SubmissionError):
        return Raised(error.function, error.error)
    return None
