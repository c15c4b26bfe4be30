"""What a check sees of the learner's code: functions to call, errors to expect, time to measure."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NoReturn

from grader.evidence import (
    CheckFailed,
    Clients,
    Failure,
    Left,
    Mismatch,
    NotRaised,
    Raised,
    Said,
    Timing,
)
from grader.exercise import lines_of
from grader.judge.calls import Calls, Function, Inside, SubmissionError
from grader.judge.check import Check
from grader.judge.isolation.level import Level
from grader.prediction import how_long, in_order
from grader.ticks import to_seconds, to_ticks
from grader.timeline import Line, Operation

# One delay on each clock, in seconds, and the bound of the real one, in delays: noise only ever adds.
VIRTUAL_DELAY: Final = 1.0
REAL_DELAY: Final = 0.2
REAL_AT_MOST: Final = 7.0
_MOST_HELD: Final = 0.5


class Submission:
    """The learner's module. ``submission.f(...)`` calls its function ``f`` in the candidate.

    The result of a coroutine function and of a plain one is awaited; an async generator is iterated.
    delay: one unit of waiting in this check, in seconds of its clock. inside: ``submission.inside.g(...)`` calls a
    function of the exercise's ``inside.py`` in the candidate, with the learner's module as its first argument.
    """

    def __init__(self, check: Check) -> None:
        self._check = check
        self._calls = Calls(check)
        self.delay = VIRTUAL_DELAY if check.rules.virtual else REAL_DELAY
        check.delay = to_ticks(self.delay)
        self.inside = Inside(self._calls)

    def __getattr__(self, name: str) -> Function:
        if name.startswith("_") or name not in self._check.exercise.functions:
            raise AttributeError(f"the exercise declares no function {name!r}")
        return Function(self._calls, name, self._check.exercise.functions[name])

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
        self._calls.elapsed = 0
        self._calls.cut_off = (
            Timing(to_ticks(to_seconds(unit) * upper) + 1, unit, ideal, lower, upper, serial, real) if real else None
        )
        self._check.allowed_hold = None
        if hold is not None or not real:
            self._check.allowed_hold = round(unit * (_MOST_HELD if hold is None else hold))
        try:
            yield
        except CheckFailed as failed:
            # A wrong value that came too late is first of all too late.
            if not isinstance(failed.failure, Mismatch) or self._calls.elapsed <= unit * upper:
                raise
        finally:
            elapsed, self._calls.elapsed, self._calls.cut_off = self._calls.elapsed, None, None
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


def failure_of(error: BaseException) -> Failure | None:
    """Return the learner's failure that *error* stands for, or None when it is no fault of theirs."""
    if isinstance(error, CheckFailed):
        return error.failure
    if isinstance(error, SubmissionError):
        return Raised(error.function, error.error)
    return None
