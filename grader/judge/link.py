"""The conversation with one candidate during one check: calls out, questions in, on either clock."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import queue
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Final

from grader import wire
from grader.evidence import CheckFailed, Deadlocked, Died, Endless, Failure, Waiter
from grader.judge.clock import JudgeLoop
from grader.judge.process import Child
from grader.judge.remote import line_from
from grader.ticks import to_seconds, to_ticks
from grader.timeline import Line, Operation

DEFAULT_LIMIT: Final = 10.0
DEFAULT_HORIZON: Final = 86_400.0
_KILL_GRACE: Final = 1.0
_START_UP: Final = 20.0

Serve = Callable[[wire.Message], Awaitable[wire.Message]]
Title = Callable[[wire.Message], str]


class Link:
    """Carries calls to a candidate and its questions back.

    limit: real seconds for the whole check, None for no limit. horizon: virtual seconds.
    serve: answers a candidate's question (``http`` or ``ask``) with an answer's fields; where these hold an async
    iterator as ``chunks``, it is sent bit by bit. title: names a question in the timeline.
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
        self.until: int | None = None
        self.died: Died | None = None
        self.operations: list[Operation] = []
        self.clients: dict[int, tuple[Line | None, bool]] = {}
        self.printed: list[str] = []
        self.evidence: dict[str, Any] | None = None
        self._loop = loop
        self._serve = serve
        self._title = title
        self._limit = limit
        self._horizon = horizon
        self._deadline: float | None = None
        self._numbers = itertools.count(1)
        self._post: list[wire.Message] = []
        self._sent: list[wire.Message] = []
        self._gone = False
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._serving: dict[int, asyncio.Task[None]] = {}
        self._where_is_asked = False
        self._why_where: Callable[[tuple[Waiter, ...]], Failure] = Deadlocked
        self._watchdog: asyncio.TimerHandle | None = None
        if isinstance(loop, JudgeLoop):
            loop.partner = self
        else:
            child.on_frame = self._on_frame
            self._loop.call_soon(self._drain)
            if limit is not None:
                self._watchdog = loop.call_later(limit + _KILL_GRACE + _START_UP, self._out_of_time)

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
        for task in self._serving.values():
            task.cancel()
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
            self.child.kill()  # a time that it was not given
            return self.give_turn(now, lease)
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
            return self.child.frames.get()

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
            self._fail_all(why(()))  # the candidate could not be wound up either
            return
        self._where_is_asked = True
        self._why_where = why
        self.send({"type": "where"})

    def _time_left(self) -> float | None:
        if self._limit is None:
            return None
        return _START_UP if self._deadline is None else max(0.0, self._deadline + _KILL_GRACE - time.monotonic())

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
            self._serving[message["id"]] = self._loop.create_task(self._answer(message))
        elif kind in {"done", "failed"}:
            self._settle(f"call {message['id']}", message)
        elif kind in {"loaded", "broken"}:
            self._settle("load", message)
        elif kind == "output":
            self._output(message["text"])
        elif kind == "withdrawn":
            task = self._serving.pop(message["id"], None)
            if task is not None:
                task.cancel()
        elif kind == "client":
            line, _ = self.clients.get(message["client"], (line_from(message["line"]), False))
            self.clients[message["client"]] = (line, message["event"] == "closed")
        elif kind == "evidence":
            self.evidence = message["evidence"]
        elif kind in {"finished", "renewed"}:
            self._settle(kind, message)
        elif kind == "where":
            self._fail_all(self._why_where(_waiters(message["waiting"])))

    def _output(self, text: str) -> None:
        self.printed.append(text)
        print(text, end="")  # pytest captures it, or shows it with -s

    async def _answer(self, question: wire.Message) -> None:
        start = self.now()
        place = len(self.operations)
        name = self._title(question)
        kind = "request" if question["type"] == "http" else "call"
        line = line_from(question["line"])
        self.operations.append(Operation(kind, start, None, name, line, question["id"]))
        try:
            answer = await self._serve(question)
            chunks = answer.pop("chunks", None)
            self.send({"type": "answer", "id": question["id"], "more": chunks is not None, **answer})
            if chunks is not None:
                await self._send_chunks(question["id"], chunks)
        except Exception as error:  # noqa: BLE001 - a fault of the check's world ends the check, as our ERROR
            self._fail_all(error)
            return
        finally:
            self.operations[place] = Operation(kind, start, self.now(), name, line, question["id"])
            self._serving.pop(question["id"], None)

    async def _send_chunks(self, number: int, chunks: AsyncGenerator[wire.Message]) -> None:
        async with contextlib.aclosing(chunks):
            async for chunk in chunks:
                self.send({"type": "chunk", "id": number, **chunk})

    def _settle(self, key: str, message: wire.Message) -> None:
        future = self._waiting.get(key)
        if future is not None and not future.done():
            future.set_result(message)

    def _end(self) -> None:
        if self.died is None:
            self.died = self.child.how_it_died(self._limit or 0)
            self._fail_all(self.died)

    def _fail_all(self, why: Failure | Exception) -> None:
        for future in list(self._waiting.values()):
            if not future.done():
                future.set_exception(why if isinstance(why, Exception) else CheckFailed(why))


def _waiters(data: list[dict[str, Any]]) -> tuple[Waiter, ...]:
    waiters = []
    for item in data:
        line = line_from(item.get("line"))
        if line is not None:
            waiters.append(Waiter(str(item.get("who"))[:60], line))
    return tuple(waiters)
