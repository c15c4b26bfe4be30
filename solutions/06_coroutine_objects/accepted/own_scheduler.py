from collections import deque
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


class Loop:
    """A round robin of coroutines, here with a single one."""

    def __init__(self):
        self.ready, self.results = deque(), {}

    def run(self):
        while self.ready:
            coro = self.ready.popleft()
            try:
                coro.send(None)
            except StopIteration as end:
                self.results[coro] = end.value
            else:
                self.ready.append(coro)


def drive(coro):
    loop = Loop()
    loop.ready.append(coro)
    loop.run()
    return loop.results[coro]
