import asyncio
import types

FLAGS = {0x80: "coroutine function", 0x200: "async generator function", 0x20: "generator function"}
TYPES = {
    types.CoroutineType: "coroutine",
    types.AsyncGeneratorType: "async generator",
    types.GeneratorType: "generator",
    asyncio.Task: "task",
    asyncio.Future: "future",
}


def kind_of(obj):
    function = getattr(obj, "__func__", obj)
    if isinstance(function, types.FunctionType):
        for flag, kind in FLAGS.items():
            if function.__code__.co_flags & flag:
                return kind
    return next((kind for cls, kind in TYPES.items() if isinstance(obj, cls)), "other")


def drive(coro):
    while True:
        try:
            coro.send(None)
        except StopIteration as end:
            return end.value
