import asyncio
import enum
import inspect
from types import AsyncGeneratorType, CoroutineType, GeneratorType


class Kind(str, enum.Enum):
    COROUTINE_FUNCTION = "coroutine function"
    ASYNC_GENERATOR_FUNCTION = "async generator function"
    GENERATOR_FUNCTION = "generator function"
    COROUTINE = "coroutine"
    ASYNC_GENERATOR = "async generator"
    GENERATOR = "generator"
    TASK = "task"
    FUTURE = "future"
    OTHER = "other"


def kind_of(obj):
    match obj:
        case CoroutineType():
            return Kind.COROUTINE
        case AsyncGeneratorType():
            return Kind.ASYNC_GENERATOR
        case GeneratorType():
            return Kind.GENERATOR
        case asyncio.Task():
            return Kind.TASK
        case asyncio.Future():
            return Kind.FUTURE
        case _ if inspect.iscoroutinefunction(obj):
            return Kind.COROUTINE_FUNCTION
        case _ if inspect.isasyncgenfunction(obj):
            return Kind.ASYNC_GENERATOR_FUNCTION
        case _ if inspect.isgeneratorfunction(obj):
            return Kind.GENERATOR_FUNCTION
    return Kind.OTHER


def drive(coro):
    while True:
        try:
            coro.send(None)
        except StopIteration as end:
            return end.value
