import asyncio
import functools
import inspect
import types


@functools.singledispatch
def kind_of(obj):
    return "other"


@kind_of.register(types.FunctionType)
@kind_of.register(types.MethodType)
def _(obj):
    kinds = {
        inspect.CO_COROUTINE: "coroutine function",
        inspect.CO_ASYNC_GENERATOR: "async generator function",
        inspect.CO_GENERATOR: "generator function",
    }
    flags = obj.__code__.co_flags
    return next((kind for flag, kind in kinds.items() if flags & flag), "other")


kind_of.register(types.CoroutineType)(lambda obj: "coroutine")
kind_of.register(types.AsyncGeneratorType)(lambda obj: "async generator")
kind_of.register(types.GeneratorType)(lambda obj: "generator")
kind_of.register(asyncio.Task)(lambda obj: "task")
kind_of.register(asyncio.Future)(lambda obj: "future")


def drive(coro):
    while True:
        try:
            coro.send(None)
        except StopIteration as end:
            return end.value
