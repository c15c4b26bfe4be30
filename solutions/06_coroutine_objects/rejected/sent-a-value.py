import asyncio
import inspect


def kind_of(obj):
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
    return "future" if asyncio.isfuture(obj) else "other"


def drive(coro):
    try:
        coro.send(None)
    except StopIteration as end:
        return end.value
    turn = 1
    while True:
        try:
            coro.send(turn)  # <-- here
            turn += 1
        except StopIteration as end:
            return end.value
