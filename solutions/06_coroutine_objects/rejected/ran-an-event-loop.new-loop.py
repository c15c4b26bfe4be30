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
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(coro)  # <-- here
    finally:
        loop.close()
