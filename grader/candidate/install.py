"""Puts the learner's process on the judge's clock and world, and takes it off again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from grader.candidate import pools, shims
from grader.candidate.clock import VirtualClock
from grader.candidate.forward import patch_httpx
from grader.candidate.imports import OnImport, Patch
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
    patches: dict[str, Patch] = {"httpx": lambda module: patch_httpx(module, session.forwarder)}
    if clock.virtual:
        patches["concurrent.futures.process"] = pools.replace_executor
        patches["multiprocessing.pool"] = pools.replace_pool
    undo.append(OnImport(patches).remove)

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
