"""What the learner's code reaches beyond itself: requests and callables, forwarded to the judge's world.

The httpx transports are replaced when the learner imports httpx, so a submission that needs none pays for none.
"""

from __future__ import annotations

import asyncio
import base64
import builtins
import importlib.machinery
import importlib.util
import itertools
import sys
import threading
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from grader import wire
from grader.candidate.clock import Clock
from grader.candidate.recorder import Recorder
from grader.values import decode, encode

Answer = dict[str, Any]


class Forwarder:
    """Sends questions to the judge and gives each answer to whoever asked."""

    def __init__(self, clock: Clock, recorder: Recorder, send: Callable[[wire.Message], None]) -> None:
        self._clock = clock
        self.recorder = recorder
        self.send = send
        self._numbers = itertools.count(1)
        self._asked: dict[int, Callable[[Answer], object]] = {}
        self.clients = itertools.count(1)

    def resolve(self, answer: Answer) -> None:
        """Hand an answer to the one who asked, unless they have given up."""
        receive = self._asked.pop(answer["id"], None)
        if receive is not None:
            receive(answer)

    async def ask(self, question: wire.Message, kind: str) -> Answer:
        """Send a question from a coroutine and wait for the answer."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()

        def settle(answer: Answer) -> None:
            if not future.done():
                future.set_result(answer)

        number = self._post(question, lambda answer: loop.call_soon_threadsafe(settle, answer))
        task = asyncio.current_task()
        if task is not None:
            self.recorder.operations[task] = (kind, number)
        try:
            return await future
        except BaseException:
            if self._asked.pop(number, None) is not None:
                self.send({"type": "withdrawn", "id": number})
            raise
        finally:
            if task is not None:
                self.recorder.operations.pop(task, None)

    def ask_blocking(self, question: wire.Message) -> Answer:
        """Send a question from plain code and hold the thread until the answer."""
        answers: list[Answer] = []

        def settle(answer: Answer) -> None:
            answers.append(answer)
            self._clock.notify()

        self._post(question, settle)
        self._clock.wait(lambda: bool(answers))
        return answers[0]

    def _post(self, question: wire.Message, receive: Callable[[Answer], object]) -> int:
        number = next(self._numbers)
        self._asked[number] = receive
        self.send({**question, "id": number, "line": self.recorder.line_here(sys._getframe(2))})
        return number

    # -- callables of the judge ----------------------------------------------------------------------------

    def bind(self, data: dict[str, Any]) -> Callable[..., Any]:
        """Return a function that calls the judge's callable described by *data*."""

        def question(args: Sequence[Any], kwargs: dict[str, Any]) -> wire.Message:
            return {
                "type": "ask",
                "callable": data["id"],
                "args": [encode(arg) for arg in args],
                "kwargs": {name: encode(arg) for name, arg in kwargs.items()},
            }

        def plain(*args: Any, **kwargs: Any) -> Any:
            return _value_of(self.ask_blocking(question(args, kwargs)))

        async def waiting(*args: Any, **kwargs: Any) -> Any:
            return _value_of(await self.ask(question(args, kwargs), "call"))

        function: Callable[..., Any] = waiting if data["async"] else plain
        function.__name__ = function.__qualname__ = str(data["name"])
        return function


def _value_of(answer: Answer) -> Any:
    if "error" in answer:
        raise _exception(answer["error"])
    return decode(answer["value"])


def _exception(error: dict[str, str]) -> BaseException:
    cls = getattr(builtins, error["type"], None)
    if isinstance(cls, type) and issubclass(cls, Exception):
        return cls(error["message"])
    return RuntimeError(f"{error['type']}: {error['message']}")


# -- httpx -------------------------------------------------------------------------------------------------


class HttpxImport:
    """Calls *patch* with httpx as soon as it has been imported."""

    def __init__(self, patch: Callable[[ModuleType], None]) -> None:
        self._patch = patch
        self._busy = False

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find httpx as usual, and have it patched after it ran."""
        if name != "httpx" or self._busy:
            return None
        self._busy = True
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._busy = False
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                self._patch(module)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def patch_httpx(httpx: Any, forwarder: Forwarder) -> Callable[[], None]:
    """Let httpx's own transports forward to the judge; return what puts the originals back."""
    saved = []
    for cls, methods in [
        (httpx.AsyncHTTPTransport, _async_methods(httpx, forwarder)),
        (httpx.HTTPTransport, _plain_methods(httpx, forwarder)),
    ]:
        for name, method in methods.items():
            saved.append((cls, name, cls.__dict__[name]))
            setattr(cls, name, method)

    def undo() -> None:
        for cls, name, original in saved:
            setattr(cls, name, original)

    return undo


def _opened(self: Any, forwarder: Forwarder, limits: Any, semaphore: Callable[[int], Any]) -> None:
    # What a connection pool costs and allows, without the sockets: one number, and so many connections.
    self._number = next(forwarder.clients)
    self._slots = semaphore(limits.max_connections or 1_000_000)
    line = forwarder.recorder.line_here(sys._getframe(2))
    forwarder.send({"type": "client", "client": self._number, "event": "opened", "line": line})


def _closed(self: Any, forwarder: Forwarder) -> None:
    forwarder.send({"type": "client", "client": self._number, "event": "closed", "line": None})


def _question(self: Any, request: Any, content: bytes) -> wire.Message:
    return {
        "type": "http",
        "method": request.method,
        "url": str(request.url),
        "headers": [[name, value] for name, value in request.headers.multi_items()],
        "content": base64.b64encode(content).decode("ascii"),
        "client": self._number,
    }


def _response(httpx: Any, request: Any, answer: Answer) -> Any:
    if "error" in answer:
        cls = getattr(httpx, answer["error"]["type"], None)
        if isinstance(cls, type) and issubclass(cls, httpx.RequestError):
            raise cls(answer["error"]["message"], request=request)
        raise httpx.ConnectError(answer["error"]["message"], request=request)
    return httpx.Response(
        answer["status"],
        headers=[tuple(pair) for pair in answer["headers"]],
        content=base64.b64decode(answer["content"]),
        request=request,
    )


def _async_methods(httpx: Any, forwarder: Forwarder) -> dict[str, Any]:
    def __init__(self: Any, *args: Any, limits: Any = httpx.Limits(max_connections=100), **kwargs: Any) -> None:  # noqa: B008, N807
        self._loop = None
        _opened(self, forwarder, limits, asyncio.Semaphore)

    async def handle_async_request(self: Any, request: Any) -> Any:
        loop = asyncio.get_running_loop()
        self._loop = self._loop or loop
        if self._loop is not loop:
            # A pooled connection belongs to the loop that opened it.
            raise RuntimeError("Event loop is closed")
        timeouts = request.extensions.get("timeout", {})
        content = await request.aread()
        try:
            async with asyncio.timeout(timeouts.get("pool")):
                await self._slots.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("no connection became free in time", request=request) from None
        try:
            async with asyncio.timeout(timeouts.get("read")):
                answer = await forwarder.ask(_question(self, request, content), "request")
        except TimeoutError:
            raise httpx.ReadTimeout("the answer did not come in time", request=request) from None
        finally:
            self._slots.release()
        return _response(httpx, request, answer)

    async def aclose(self: Any) -> None:
        _closed(self, forwarder)

    async def __aenter__(self: Any) -> Any:  # noqa: N807
        return self

    async def __aexit__(self: Any, *exc: object) -> None:  # noqa: N807
        await self.aclose()

    return {f.__name__: f for f in (__init__, handle_async_request, aclose, __aenter__, __aexit__)}


def _plain_methods(httpx: Any, forwarder: Forwarder) -> dict[str, Any]:
    def __init__(self: Any, *args: Any, limits: Any = httpx.Limits(max_connections=100), **kwargs: Any) -> None:  # noqa: B008, N807
        _opened(self, forwarder, limits, threading.Semaphore)

    def handle_request(self: Any, request: Any) -> Any:
        content = request.read()
        with self._slots:
            answer = forwarder.ask_blocking(_question(self, request, content))
        return _response(httpx, request, answer)

    def close(self: Any) -> None:
        _closed(self, forwarder)

    def __enter__(self: Any) -> Any:  # noqa: N807
        return self

    def __exit__(self: Any, *exc: object) -> None:  # noqa: N807
        self.close()

    return {f.__name__: f for f in (__init__, handle_request, close, __enter__, __exit__)}
