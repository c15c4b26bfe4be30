"""Diagnoses of what a submission left behind: coroutines nobody awaited, tasks, threads, unseen exceptions."""

from __future__ import annotations

from typing import Final

from grader.diagnosis.model import Diagnosis, Rule, count
from grader.evidence import Evidence, Left, Leftover, Mismatch, Timing
from grader.values import Opaque

_AWAITABLE: Final = {"coroutine", "future"}


def never_awaited(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a coroutine that was made and dropped."""
    if not evidence.never_awaited:
        return None
    first = evidence.never_awaited[0]
    times = len(evidence.never_awaited)
    seen = f"{first.name}() was called {'once' if times == 1 else f'{times} times'}, but nobody awaited it."
    return Diagnosis(
        "never-awaited",
        "forgot an await",
        seen,
        first.line,
        "calling a coroutine function only makes a coroutine; nothing in it runs until it is awaited",
        "put `await` before the call.",
    )


def returned_an_awaitable(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of a function that returns a coroutine or a future where its value was due."""
    failure = evidence.failure
    if not isinstance(failure, Mismatch):
        return None
    value = failure.seen[0] if isinstance(failure.seen, list | tuple) and failure.seen else failure.seen
    if not isinstance(value, Opaque) or value.kind not in _AWAITABLE:
        return None
    return Diagnosis(
        "never-awaited",
        "forgot an await",
        f"{failure.what}: got {value.text[:60]}, which nobody has awaited.",
        evidence.returned,
        "this hands back something still to be awaited, not its result",
        "await it, and return what the await gives.",
    )


def leaked_task(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of tasks that outlive the call that started them."""
    if not evidence.tasks_left or not (_early(evidence) or isinstance(evidence.failure, Left | Mismatch)):
        return None
    left = evidence.tasks_left
    were = "was" if len(left) == 1 else "were"
    return Diagnosis(
        "leaked-task",
        "left tasks running",
        f"{count(len(left), 'task')} ({_names(left)}) {were} still running after the function had returned.",
        left[0].line,
        "this only starts the work (gather, create_task); nothing waits for it to end",
        "await it before you return.",
    )


def unretrieved(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of an exception that nobody looked at."""
    if not evidence.unretrieved or not (_early(evidence) or isinstance(evidence.failure, Left | Mismatch)):
        return None
    first = evidence.unretrieved[0]
    return Diagnosis(
        "unretrieved-exception",
        "lost an exception",
        f"a task raised {first.name}: {first.message or 'no message'}; nobody awaited the task, so nobody saw it.",
        first.line,
        "raised here, in a task that nobody awaits",
        "await every task you start (gather, a TaskGroup), so that its exception reaches you.",
    )


def thread_left(evidence: Evidence) -> Diagnosis | None:
    """Return the diagnosis of threads that outlive the call that started them."""
    if not evidence.threads_left or not isinstance(evidence.failure, Left):
        return None
    left = evidence.threads_left
    return Diagnosis(
        "thread-left-running",
        "left a thread running",
        f"{count(len(left), 'thread')} still running after the function had returned.",
        left[0].line,
        "the thread that this line started, or is in, goes on",
        "wait for it: join the thread, or leave the executor's `with` block.",
    )


def _early(evidence: Evidence) -> bool:
    return isinstance(evidence.failure, Timing) and evidence.failure.delays < evidence.failure.at_least


def _names(left: tuple[Leftover, ...]) -> str:
    names = list(dict.fromkeys(item.name for item in left))
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


LEFTOVERS: Final[tuple[Rule, ...]] = (never_awaited, returned_an_awaitable, leaked_task, unretrieved, thread_left)
