import asyncio
import functools
import inspect

QUESTIONS = [
    (lambda obj: isinstance(obj, (functools.partial, type)), "other"),
    (inspect.iscoroutinefunction, "coroutine function"),
    (inspect.iscoroutine, "coroutine"),
    (inspect.isasyncgenfunction, "async generator function"),
    (inspect.isasyncgen, "async generator"),
    (inspect.isgeneratorfunction, "generator function"),
    (inspect.isgenerator, "generator"),
    (lambda obj: isinstance(obj, asyncio.Task), "task"),
    (asyncio.isfuture, "future"),
]


def kind_of(obj):
    for is_one, kind in QUESTIONS:
        if is_one(obj):
            return kind
    return "other"


def drive(coro):
    # As a loop would: what was yielded must be None.
    yielded = None
    try:
        while yielded is None:
            yielded = coro.send(yielded)
    except StopIteration as stop:
        return stop.value
    coro.close()
    raise TypeError(f"cannot wait for {yielded!r}")
