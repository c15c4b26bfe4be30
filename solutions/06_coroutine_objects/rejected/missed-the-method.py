import asyncio
import inspect
import types


def kind_of(obj):
    if isinstance(obj, types.FunctionType):
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
    if isinstance(obj, asyncio.Task):
        return "task"
    if asyncio.isfuture(obj):
        return "future"
    return "other"  # <-- here


def drive(coro):
    while True:
        try:
            coro.send(None)
        except StopIteration as end:
            return end.value
