"""The judge's functions that a check hands to the learner's code. It keeps no time and no score."""

from __future__ import annotations

import asyncio
import inspect
import itertools
from collections.abc import Callable
from typing import Any

from grader import wire
from grader.values import decode, encode


class Callables:
    """The judge's functions that the learner's code was given."""

    def __init__(self) -> None:
        self._functions: dict[int, Callable[..., Any]] = {}
        self._numbers = itertools.count(1)

    def name(self, function: Callable[..., Any]) -> dict[str, Any]:
        """Return what the candidate needs to call *function*."""
        number = next(self._numbers)
        self._functions[number] = function
        is_async = inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
            getattr(function, "__call__", None)  # noqa: B004 - an object with an async __call__
        )
        return {"id": number, "async": is_async, "name": getattr(function, "__name__", "callable")}

    def title(self, number: int) -> str:
        """Return the name of the function that *number* stands for."""
        return str(getattr(self._functions.get(number), "__name__", "call"))

    async def answer(self, question: wire.Message) -> wire.Message:
        """Return the answer to an ``ask`` question."""
        function = self._functions.get(question["callable"])
        if function is None:
            return _error("LookupError", "no such callable")
        try:
            args = [decode(arg) for arg in question["args"]]
            kwargs = {str(name): decode(arg) for name, arg in question["kwargs"].items()}
            inspect.signature(function).bind(*args, **kwargs)
        except (ValueError, TypeError) as error:
            return _error("TypeError", f"{getattr(function, '__name__', 'callable')}(): {error}")
        try:
            value = function(*args, **kwargs)
            if inspect.isawaitable(value):
                value = await value
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - the learner's code sees what the check's function raises
            return _error(type(error).__name__, str(error))
        return {"value": encode(value, self.name)}


def _error(name: str, message: str) -> wire.Message:
    return {"error": {"type": name, "message": message}}
