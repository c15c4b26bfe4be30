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


results = {}


def drive(coro):
    while coro not in results:
        try:
            coro.send(None)
        except StopIteration as end:
            results[coro] = end.value
    return results[coro]  # <-- here
