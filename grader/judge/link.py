"""The conversation with one candidate during one check: calls out, questions in, on either clock."""

from __future__ import annotations

import asyncio
import itertools
import queue
import time
from collections.abc import Callable
from typing import Any, Final

from grader import wire
from grader.evidence import CheckFailed, Deadlocked, Died, Endless, Failure, Waiter
from grader.judge.child import Child
from grader.judge.clock import JudgeLoop
from grader.judge.questions import Questions, Serve, Title
from grader.judge.remote import line_from, plain, waiters
from grader.ticks import to_seconds, to_ticks
from grader.timeline import Line

DEFAULT_LIMIT: Final = 10.0
DEFAULT_HORIZON: Final = 86_400.0
_KILL_GRACE: Final = 1.0
_START_UP: Final = 20.0

# What is kept of a check.
MOST_CLIENTS: Final = 5_000
MOST_PRINTED: Final = 100_000  # characters
_LAST_WORDS: Final = 5.0


class Link:
    """Carries calls to a candidate and its questions back.

    limit: real seconds for the whole check, None for no limit. horizon: virtual seconds. serve, title: as `Questions`.
    """

    def __init__(
        self,
        child: Child,
        loop: asyncio.AbstractEventLoop,
        serve: Serve,
        title: Title,
        *,
        limit: float | None,
        horizon: float,
    ) -> None:
        self.child = child
        child.allowance, child.patience = wire.Allowance(), limit
        self.until: int | None = None
        self.died: Died | None = None
        self._questions = Questions(self, loop, serve, title)
        self.operations = self._questions.operations
        self.clients: dict[int, tuple[Line | None, bool]] = {}
        self.printed: list[str] = []
        self.evidence: dict[str, Any] | None = None
        self._loop = loop
        self._limit = limit
        self._grace = _KILL_GRACE if limit is None else min(_KILL_GRACE, limit)
        self._horizon = horizon
        self._deadline: float | None = None
        self._numbers = itertools.count(1)
        self._post: list[wire.Message] = []
        self._sent: list[wire.Message] = []
        self._gone = False
        self._called = False
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._room = MOST_PRINTED
        self._where_is_asked = False
        self._why_where: Callable[[tuple[Waiter, ...]], Failure] = Deadlocked
        self._watchdog: asyncio.TimerHandle | None = None
        if isinstance(loop, JudgeLoop):
            loop.partner = self
        else:
            child.on_frame = self._on_frame
            self._loop.call_soon(self._drain)
            if limit is not None:
                self._deadline = time.monotonic() + limit + _START_UP
                self._watchdog = loop.call_later(limit + self._grace + _START_UP, self._out_of_time)

    # -- sending and waiting -------------------------------------------------------------------------------

    def now(self) -> int:
        """Return the present on the judge's clock, in ticks."""
        return self._loop.now() if isinstance(self._loop, JudgeLoop) else time.monotonic_ns()

    def send(self, message: wire.Message) -> None:
        """Send *message*: at the candidate's next turn, or at once on the real clock."""
        if self.child.virtual:
            self._post.append(message)
        else:
            self.child.send({"type": "turn", "now": 0, "lease": 0, "messages": [message]})

    async def request(self, key: str, message: wire.Message) -> wire.Message:
        """Send *message* and wait for the reply filed under *key*; `CheckFailed` if the candidate cannot."""
        if self.died is not None:
            raise CheckFailed(self.died)
        future = self._waiting[key] = self._loop.create_future()
        self._called = self._called or message["type"] == "call"
        self.send(message)
        try:
            reply: wire.Message = await future
        finally:
            self._waiting.pop(key, None)
        return reply

    def reply_to(self, key: str) -> asyncio.Future[wire.Message]:
        """Return the future of a reply that is still due, to wait for it again."""
        future = self._waiting[key] = self._loop.create_future()
        return future

    def number(self) -> int:
        """Return a fresh number for a call."""
        return next(self._numbers)

    def close(self) -> None:
        """End the conversation; the process stays."""
        self._questions.close()
        if self._watchdog is not None:
            self._watchdog.cancel()
        self.child.on_frame = lambda: None
        if isinstance(self._loop, JudgeLoop):
            self._loop.partner = None

    # -- the virtual clock's partner -----------------------------------------------------------------------

    def has_post(self) -> bool:
        """Return whether the candidate must run: messages wait for it, or it has not parked yet."""
        return self.died is None and (bool(self._post) or not self.child.parked)

    def give_turn(self, now: int, lease: int | None) -> int:
        """Let the candidate run until it parks; return the time it parked at."""
        last = min(to_ticks(self._horizon) if lease is None else lease, to_ticks(self._horizon))
        fresh = not self.child.parked  # it has just been started, and knows of no time yet
        if not fresh:
            if self._deadline is None and self._limit is not None:
                self._deadline = time.monotonic() + self._limit  # it has started: its time runs
            post, self._post = self._post, []
            self.child.send({"type": "turn", "now": now, "lease": last, "messages": post})
            self.child.parked = False
        self.until = None
        while True:
            message = self._next_frame()
            if message is None:
                self._gone = True
                return now
            if message["type"] == "parked":
                break
            self._sent.append(message)
        at = now if fresh else int(message["at"])
        if not (at == now or now < at < last):
            self.child.refuse("it ended its turn at a time that it was not given")
            while self._last_frame() is not None:
                pass
            self._gone = True
            return now
        self.child.parked = True
        self.until = None if fresh else message["until"]
        return at

    def act(self) -> None:
        """Act on what the candidate sent in its turn."""
        sent, self._sent = self._sent, []
        for message in sent:
            self._dispatch(message)
        if self._gone:
            self._end()

    def _next_frame(self) -> wire.Message | None:
        try:
            return self.child.frames.get(timeout=self._time_left())
        except queue.Empty:
            self.child.kill(after=self._limit)
            return self._last_frame()

    def _last_frame(self) -> wire.Message | None:
        try:
            return self.child.frames.get(timeout=_LAST_WORDS)
        except queue.Empty:
            return None  # a process of its own has inherited the wire, and outlives it

    def stuck(self) -> None:
        """Everybody waits and nobody has a time: ask who waits where, then fail the calls."""
        self._ask_where(Deadlocked)

    def beyond(self, now: int) -> bool:
        """Return whether *now* is past the horizon, or the real time nearly up; whoever waits is told."""
        late = self._deadline is not None and self._limit and time.monotonic() > self._deadline - self._limit / 5
        if to_seconds(now) <= self._horizon and not (late and self._waiting and not self._where_is_asked):
            return False
        self._ask_where(lambda waiters: Endless(min(self._horizon, round(to_seconds(now))), waiters))
        return True

    def _ask_where(self, why: Callable[[tuple[Waiter, ...]], Failure]) -> None:
        if not self._waiting:
            raise RuntimeError("the check waits for something that nothing will bring about")
        if self._where_is_asked:
            self.fail(why(()))  # the candidate could not be wound up either
            return
        self._where_is_asked = True
        self._why_where = why
        self.send({"type": "where"})

    def _time_left(self) -> float | None:
        if self._limit is None:
            return None
        return _START_UP if self._deadline is None else max(0.0, self._deadline + self._grace - time.monotonic())

    # -- the real clock ------------------------------------------------------------------------------------

    def _on_frame(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._drain)
        except RuntimeError:
            return  # the loop is closed: the check is over

    def _drain(self) -> None:
        while not self.child.frames.empty():
            message = self.child.frames.get()
            if message is None:
                self._end()
            else:
                self._dispatch(message)

    def _out_of_time(self) -> None:
        self.child.kill(after=self._limit)

    # -- receiving -----------------------------------------------------------------------------------------

    def _dispatch(self, message: wire.Message) -> None:
        kind = message["type"]
        if kind in {"http", "ask"}:
            refused = self._questions.take(message, early=kind == "http" and not self._called)
            if refused:
                self._refuse(refused)
        elif kind in {"done", "failed"}:
            self._settle(f"call {message['id']}", message)
        elif kind in {"loaded", "broken"}:
            self._settle("load", message)
        elif kind == "output":
            self._output(message["text"])
        elif kind == "withdrawn":
            self._questions.withdraw(message["id"])
        elif kind == "client":
            self._note_client(message)
        elif kind == "evidence" and "finished" in self._waiting and self.evidence is None:
            self.evidence = message["evidence"]
        elif kind in {"finished", "renewed"}:
            self._settle(kind, message)
        elif kind == "where" and self._where_is_asked:
            self.fail(self._why_where(waiters(message["waiting"])))

    def _note_client(self, message: wire.Message) -> None:
        number = message["client"]
        if number not in self.clients and len(self.clients) >= MOST_CLIENTS:
            self._refuse(f"more than {MOST_CLIENTS:,} clients")
            return
        line, _ = self.clients.get(number, (line_from(message["line"]), False))
        self.clients[number] = (line, message["event"] == "closed")

    def _refuse(self, why: str) -> None:
        self.child.refuse(why)
        self.child.parked = False  # its end is to be read

    def _output(self, text: str) -> None:
        if self._room <= 0:
            return
        shown = plain(text, self._room)
        self._room -= len(shown)
        if self._room <= 0:
            shown += f"\n... more than {MOST_PRINTED:,} characters were printed; the rest is left out\n"
        self.printed.append(shown)
        print(shown, end="")  # pytest captures it, or shows it with -s

    def _settle(self, key: str, message: wire.Message) -> None:
        future = self._waiting.get(key)
        if future is not None and not future.done():
            future.set_result(message)

    def _end(self) -> None:
        if self.died is None:
            self.died = self.child.how_it_died(self._limit or 0)
            self.fail(self.died)

    def is_overdue(self) -> bool:
        """Return whether the check's real time is up; if so the candidate is ended."""
        overdue = self._deadline is not None and time.monotonic() > self._deadline + self._grace
        if overdue:
            self.child.kill(after=self._limit)
        return overdue

    def fail(self, why: Failure | Exception) -> None:
        """End every call that waits: as the learner's failure, or as the fault of ours that an exception is."""
        for future in list(self._waiting.values()):
            if not future.done():
                future.set_exception(why if isinstance(why, Exception) else CheckFailed(why))
