"""A rehearsal in a warm process, before it forks: a program like a learner's, against a judge that is made up.

Python fits code to what passes through it, and imports some things only when they are used; a forked process inherits
both. It knows no exercise, and leaves nothing behind that a submission could see.
"""

from __future__ import annotations

import asyncio
import base64
import os
import sys
from typing import Any, Final

from grader import wire
from grader.candidate import loader
from grader.candidate.session import Session
from grader.ticks import TICKS_PER_SECOND

_SCENES: Final = 3
_OPERATIONS: Final = 20


def rehearse(session: Session) -> None:
    """Let *session*, which is on no channel yet, serve calls as if a judge had made them."""
    session.rehearse(_MadeUpJudge(session), sys.modules[__name__], os.path.dirname(__file__))
    loader.know_others()


class _MadeUpJudge:
    """A `Channel` that asks for the program below, answers its requests a second later, and hangs up."""

    holding = False

    def __init__(self, session: Session) -> None:
        self.sent = 0
        self._session = session
        self._now = 0
        self._until: int | None = None
        self._questions: list[wire.Message] = []
        program = "fetch" if "httpx" in sys.modules else "rest"
        self._script = [message for number in range(_SCENES) for message in (_call(number, program), {"type": "renew"})]

    def send(self, message: wire.Message) -> None:
        message = wire.unpack(wire.pack(message)[wire.HEADER.size :])
        self.sent += 1
        if message["type"] == "http":
            self._questions.append(message)
        elif message["type"] == "parked":
            self._until = message["until"]

    def receive(self) -> wire.Message:
        messages = []
        if self._questions:
            self._now += TICKS_PER_SECOND
            messages = [_answer(question) for question in self._questions]
            self._questions.clear()
        elif self._until is not None:
            self._now = self._until
        elif self._script:
            messages = [self._script.pop(0)]
        else:
            self._session.hang_up()
        turn = {"type": "turn", "now": self._now, "lease": self._now, "messages": messages}
        return wire.unpack(wire.pack(turn)[wire.HEADER.size :])


def _call(number: int, function: str) -> wire.Message:
    call = {"type": "call", "id": number, "function": function, "inside": False, "mode": "async", "pool": 1}
    return {**call, "args": [], "kwargs": {}}


def _answer(question: wire.Message) -> wire.Message:
    content = base64.b64encode(b"{}").decode()
    headers = [["content-length", "2"], ["content-type", "application/json"]]
    answer = {"type": "answer", "id": question["id"], "more": False, "status": 200}
    return {**answer, "headers": headers, "content": content}


async def fetch() -> list[Any]:
    """Make requests, as most submissions do."""
    import httpx  # noqa: PLC0415 - imported already, or this is not called

    async def get(number: int) -> Any:
        response = await client.get(f"https://a.test/{number}")
        response.raise_for_status()
        return response.json()

    async with httpx.AsyncClient() as client:
        return await asyncio.gather(*(get(number) for number in range(_OPERATIONS)))


async def rest() -> None:
    """Sleep, as the others do."""
    await asyncio.gather(*(asyncio.sleep(1) for _ in range(_OPERATIONS)))
