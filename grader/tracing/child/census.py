"""Who waits at which line of a traced program, at the moment at which it is asked. It keeps nothing."""

from __future__ import annotations

import sys
import threading
from types import FrameType
from typing import Any, Final

from grader.tracing.child.awaiting import TASK, look
from grader.tracing.child.tracer import Tracer

_MOST: Final = 20


def waiting(tracer: Tracer) -> list[list[Any]]:
    """Return who waits, and at which line: those first who wait for something else than other tasks."""
    frames = sys._current_frames()
    found: list[tuple[bool, list[Any]]] = []
    for loop in tracer.runs:
        frame = frames.pop(loop.turn.thread, None) if loop.running else None
        if frame is not None and loop.step is not None and not loop.turn.idle:
            found += _stopped(tracer, "the event loop", frame)
    for thread in threading.enumerate():
        frame = frames.get(thread.ident or 0)
        if frame is not None:
            found += _stopped(tracer, "the program" if thread is threading.main_thread() else "a thread", frame)
    stepping = [loop.step for loop in tracer.runs if loop.running]
    for note in list(tracer.tasks):
        task = note.task()
        if task is not None and note.end is None and note not in stepping:
            seen = look(task, tracer.lines.line_of)
            if seen.chain:
                found.append((seen.kind == TASK, [f"{note.coroutine}()", seen.chain[-1][1]]))
    return [waiter for _, waiter in sorted(found, key=lambda item: item[0])][:_MOST]


def _stopped(tracer: Tracer, who: str, frame: FrameType) -> list[tuple[bool, list[Any]]]:
    line = tracer.lines.line_here(frame)
    return [] if line is None else [(False, [who, line])]
