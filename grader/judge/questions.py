"""The questions of one candidate during one check: each is taken once, answered, and kept for the timeline.

It knows no call and no turn; what answers, and what carries the answers, it is given.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final, Protocol

from grader import wire
from grader.judge.remote import line_from, plain
from grader.timeline import Operation

# 1,000 requests are many in a check; a candidate that has more than this to ask does no task of ours.
MOST_QUESTIONS: Final = 20_000
_LONGEST_NAME: Final = 300
# While a file is loaded no time is counted: what it could ask for then, it need not ask for when it is called.
_TOO_EARLY: Final = {"type": "ConnectError", "message": "nothing answers before a function of yours is called"}

Serve = Callable[[wire.Message], Awaitable[wire.Message]]
Title = Callable[[wire.Message], str]


class Conversation(Protocol):
    """What carries the answers."""

    def now(self) -> int:
        """Return the present, in ticks."""

    def send(self, message: wire.Message) -> None:
        """Send a message to the candidate."""

    def is_overdue(self) -> bool:
        """Return whether the check's real time is up, and its end near."""

    def fail(self, why: Exception) -> None:
        """End the check with a fault of ours."""


class Questions:
    """Answers what a candidate asks. operations: every question, by start, with its time and the learner's line.

    serve: answers a question (``http`` or ``ask``) with an answer's fields; where these hold an async iterator as
    ``chunks``, it is sent bit by bit. title: names a question in the timeline.
    """

    def __init__(self, conversation: Conversation, loop: asyncio.AbstractEventLoop, serve: Serve, title: Title) -> None:
        self.operations: list[Operation] = []
        self._conversation = conversation
        self._loop = loop
        self._serve = serve
        self._title = title
        self._numbers: set[int] = set()
        self._serving: dict[int, asyncio.Task[None]] = {}

    def take(self, question: wire.Message, *, early: bool) -> str:
        """Have *question* answered, or refused where it comes too *early*; return what rule it breaks, if any."""
        number = question["id"]
        if number in self._numbers:
            return "two questions with one number"
        if len(self._numbers) >= MOST_QUESTIONS:
            return f"more than {MOST_QUESTIONS:,} questions in one check"
        self._numbers.add(number)
        if early:
            self._conversation.send({"type": "answer", "id": number, "more": False, "error": _TOO_EARLY})
        else:
            self._serving[number] = self._loop.create_task(self._answer(question))
        return ""

    def withdraw(self, number: int) -> None:
        """Stop to answer a question that nobody waits for any more."""
        task = self._serving.pop(number, None)
        if task is not None:
            task.cancel()

    def close(self) -> None:
        """Stop to answer."""
        for task in self._serving.values():
            task.cancel()

    async def _answer(self, question: wire.Message) -> None:
        if self._conversation.is_overdue():
            return  # it asks more than can be answered in its time
        number, start, place = question["id"], self._conversation.now(), len(self.operations)
        name = plain(self._title(question), _LONGEST_NAME)
        kind = "request" if question["type"] == "http" else "call"
        line = line_from(question["line"])
        self.operations.append(Operation(kind, start, None, name, line, number))
        try:
            answer = await self._serve(question)
            chunks = answer.pop("chunks", None)
            self._conversation.send({"type": "answer", "id": number, "more": chunks is not None, **answer})
            if chunks is not None:
                await self._send_chunks(number, chunks)
        except Exception as error:  # noqa: BLE001 - a fault of the check's world ends the check, as our ERROR
            self._conversation.fail(error)
        finally:
            self.operations[place] = Operation(kind, start, self._conversation.now(), name, line, number)
            self._serving.pop(number, None)

    async def _send_chunks(self, number: int, chunks: AsyncGenerator[wire.Message]) -> None:
        async with contextlib.aclosing(chunks):
            async for chunk in chunks:
                self._conversation.send({"type": "chunk", "id": number, **chunk})
