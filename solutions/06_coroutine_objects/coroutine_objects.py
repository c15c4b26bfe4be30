"""06 coroutine_objects: the reference solution."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Coroutine
from typing import Any, Literal, TypeVar

T = TypeVar("T")
Kind = Literal[
    "coroutine function",
    "coroutine",
    "async generator function",
    "async generator",
    "generator function",
    "generator",
    "task",
    "future",
    "other",
]


def kind_of(obj: object) -> Kind:
    """Say what *obj* is, by looking at it."""
    # The functions of inspect read a flag that the compiler left in the function, so nothing has to be called.
    if inspect.iscoroutinefunction(obj):
        return "coroutine function"
    if inspect.isasyncgenfunction(obj):
        return "async generator function"
    if inspect.isgeneratorfunction(obj):
        return "generator function"
    if inspect.iscoroutine(obj):
        return "coroutine"
    if inspect.isasyncgen(obj):
        return "async generator"
    if inspect.isgenerator(obj):
        return "generator"
    # A task is a future with a coroutine to run: ask for the special one first.
    if isinstance(obj, asyncio.Task):
        return "task"
    if asyncio.isfuture(obj):
        return "future"
    return "other"


def drive(coro: Coroutine[Any, Any, T]) -> T:
    """Run *coro* to its end, without any event loop."""
    while True:
        try:
            # Starts it, and later resumes it. What comes back is what the innermost `yield` gave: None.
            coro.send(None)
        except StopIteration as end:
            # `return` in a coroutine, as in a generator, travels in the exception that says there is no more.
            result: T = end.value
            return result
