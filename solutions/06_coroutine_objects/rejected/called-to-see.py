import asyncio
import inspect


def kind_of(obj):
    if callable(obj):
        result = obj()  # <-- here
        kind = kind_of(result)
        return "other" if kind in ("other", "task", "future") else f"{kind} function"
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
    while True:
        try:
            coro.send(None)
        except StopIteration as end:
            return end.value
