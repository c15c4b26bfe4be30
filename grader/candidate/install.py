"""Puts the learner's process on the judge's clock and world, and takes it off again."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Callable
from typing import Any

from grader.candidate import shims
from grader.candidate.clock import VirtualClock
from grader.candidate.forward import HttpxImport, patch_httpx
from grader.candidate.loop import CandidateLoop
from grader.candidate.session import Session


def install(session: Session) -> Callable[[], None]:
    """Install what *session* needs; return what removes it. The calling thread becomes the main participant."""
    undo: list[Callable[[], None]] = []
    clock = session.clock
    if isinstance(clock, VirtualClock):
        clock.adopt("main")
        undo.append(shims.install(clock))
        undo.append(_replace_loops(clock, session))
    undo.append(_replace_httpx(session))

    def remove() -> None:
        while undo:
            undo.pop()()

    return remove


def _replace_loops(clock: VirtualClock, session: Session) -> Callable[[], None]:
    # `asyncio.run` in a thread, or at import, gets a loop on the clock too.
    original = asyncio.new_event_loop

    def new_event_loop() -> asyncio.AbstractEventLoop:
        return original() if clock.me() is None else CandidateLoop(clock, session.recorder)

    events: Any = asyncio.events
    asyncio.new_event_loop = events.new_event_loop = new_event_loop

    def undo() -> None:
        asyncio.new_event_loop = events.new_event_loop = original

    return undo


def _replace_httpx(session: Session) -> Callable[[], None]:
    undo: list[Callable[[], None]] = []

    def patch(module: Any) -> None:
        undo.append(patch_httpx(module, session.forwarder))

    finder = HttpxImport(patch)
    sys.meta_path.insert(0, finder)
    if "httpx" in sys.modules:
        patch(importlib.import_module("httpx"))

    def remove() -> None:
        sys.meta_path.remove(finder)
        while undo:
            undo.pop()()

    return remove
