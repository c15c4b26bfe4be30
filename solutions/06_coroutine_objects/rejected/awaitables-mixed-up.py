import asyncio
import inspect


def kind_of(obj):
    if inspect.iscoroutinefunction(obj):
        return "coroutine function"
    if inspect.isasyncgenfunction(obj):
        return "async generator function"
    if inspect.isgeneratorfunction(obj):
        return "generator function"
    if inspect.isawaitable(obj):
        return "coroutine"  # <-- here
    if inspect.isasyncgen(obj):
        return "async generator"
    return "generator" if inspect.isgenerator(obj) else "other"


def drive(coro):
    while True:
        try:
            coro.send(None)
        except StopIteration as end:
            return end.value
