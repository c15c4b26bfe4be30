"""Who is there: the threads a submission left running, and who waits at which line. It moves nothing."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Collection
from types import FrameType
from typing import Any, Final

from grader.candidate.recorder import Recorder

MAX_WAITERS: Final = 20


def note_threads(recorder: Recorder) -> None:
    """Note every thread of the learner's that still has something to do."""
    frames = sys._current_frames()
    ours = {threading.main_thread(), threading.current_thread()}  # not by name: anybody may use those
    for thread in threading.enumerate():
        frame = frames.get(thread.ident or 0)
        if thread in ours or frame is None or not _is_busy(frame):
            continue
        # A library keeps threads of its own; one that the learner's own line started is the learner's.
        place = getattr(getattr(thread, "_place", None), "started_at", None)
        line = recorder.line_of(*place) if place is not None else None
        line = line or recorder.line_here(frame)
        if line is not None:
            recorder.add("threads_left", {"name": thread.name, "line": line})


def who_waits(
    recorder: Recorder, loop: asyncio.AbstractEventLoop | None, calls: Collection[asyncio.Task[Any]]
) -> list[dict[str, Any]]:
    """Return who waits, and at which of the learner's lines; *calls*: the tasks of the judge's calls."""
    waiting = []
    # A thread that is stopped at a learner's line comes first: what it should do, nobody else can.
    frames = sys._current_frames()
    for thread in threading.enumerate():
        line = recorder.line_here(frames.get(thread.ident or 0)) if thread.ident in frames else None
        if line is not None:
            name = "the loop" if thread is threading.main_thread() else f"thread {thread.name}"
            waiting.append({"who": name, "line": line})
    tasks = sorted(asyncio.all_tasks(loop) if loop is not None else (), key=recorder.serial_of)
    # Who waits for other tasks waits for one of the others here, who know more.
    for task in sorted(tasks, key=_waits_for_tasks):
        chain, _ = recorder.chain(task.get_coro())
        if chain:
            coro = getattr(task.get_coro(), "__qualname__", "task")
            name = task.get_name() if task in calls else coro
            waiting.append({"who": f"{name}()", "line": chain[-1][1:]})
    return waiting[:MAX_WAITERS]


def _waits_for_tasks(task: asyncio.Task[Any]) -> bool:
    awaited: Any = getattr(task, "_fut_waiter", None)
    if isinstance(awaited, asyncio.Task) or type(awaited).__name__ == "_GatheringFuture":
        return True
    frame: FrameType | None = None
    coroutine: Any = task.get_coro()
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None) or frame
        coroutine = getattr(coroutine, "cr_await", None)
    if frame is None or frame.f_code.co_name == "sleep":
        return False
    return frame.f_globals.get("__name__") in {"asyncio.tasks", "asyncio.taskgroups"}


def _is_busy(frame: FrameType | None) -> bool:
    """Return whether a thread does more than wait for an executor's next job."""
    in_worker = in_job = False
    while frame is not None:
        if frame.f_code.co_filename.endswith("thread.py") and frame.f_code.co_name in {"_worker", "run"}:
            in_worker = in_worker or frame.f_code.co_name == "_worker"
            in_job = in_job or frame.f_code.co_name == "run"
        frame = frame.f_back
    return in_job or not in_worker
