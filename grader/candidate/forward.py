"""What the learner's code reaches beyond itself: requests and callables, forwarded to the judge's world.

The httpx transports are replaced when the learner imports httpx, so a submission that needs none pays for none.
"""

from __future__ import annotations

import asyncio
import base64
import builtins
import functools
import itertools
import sys
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
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
        self._streams: dict[int, Callable[[Answer], object]] = {}
        self.network = False  # httpx keeps its own transports
        self.clients = itertools.count(1)

    def resolve(self, answer: Answer) -> None:
        """Hand an answer to the one who asked, unless they have given up."""
        number = answer["id"]
        if answer["type"] == "chunk":
            take = self._streams.get(number)
            if take is not None:
                take(answer)
            return
        receive = self._asked.pop(number, None)
        if receive is not None:
            if answer.get("more"):
                # What follows may come before the one who asked has seen this: keep it for them.
                waiting: list[Answer] = []
                answer["waiting"] = waiting
                self._streams[number] = waiting.append
            receive(answer)

    def follow(self, answer: Answer, take: Callable[[Answer], object]) -> None:
        """Hand the parts of a streamed answer to *take*, those that came already first."""
        self._streams[answer["id"]] = take
        for chunk in answer.pop("waiting"):
            take(chunk)

    def leave(self, answer: Answer, *, ended: bool) -> None:
        """Follow a streamed answer no longer; the judge is told unless it has *ended*."""
        if self._streams.pop(answer["id"], None) is not None and not ended:
            self.send({"type": "withdrawn", "id": answer["id"]})

    def wait(self, ready: Callable[[], bool]) -> None:
        """Hold the calling thread until *ready()*, which a part or an answer makes true."""
        self._clock.wait(ready)

    def notify(self) -> None:
        """Let those that `wait` look again."""
        self._clock.notify()

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
        self.send({**question, "id": number, "line": self.recorder.line_now(sys._getframe(2))})
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
        function.of_the_judge = True  # type: ignore[attr-defined]
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


def patch_httpx(httpx: Any, forwarder: Forwarder) -> Callable[[], None]:
    """Let httpx's own transports forward to the judge; return what puts the originals back."""
    saved = []
    async_parts, parts = _stream_classes(httpx, forwarder)
    for cls, methods in [
        (httpx.AsyncHTTPTransport, _async_methods(httpx, forwarder, async_parts)),
        (httpx.HTTPTransport, _plain_methods(httpx, forwarder, parts)),
    ]:
        for name, method in methods.items():
            original = cls.__dict__[name]
            saved.append((cls, name, original))
            setattr(cls, name, _either(forwarder, method, original))

    def undo() -> None:
        for cls, name, original in saved:
            setattr(cls, name, original)

    return undo


def _either(forwarder: Forwarder, ours: Callable[..., Any], real: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that is *ours*, or the *real* one in a check with a network."""

    @functools.wraps(real)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return (real if forwarder.network else ours)(self, *args, **kwargs)

    return method


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
        "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in request.headers.raw],
        "content": base64.b64encode(content).decode("ascii"),
        "client": self._number,
    }


def _response(httpx: Any, request: Any, answer: Answer, stream: Any) -> Any:
    _raise_error(httpx, request, answer)
    body = {"content": base64.b64decode(answer["content"])} if stream is None else {"stream": stream}
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer["headers"]]
    return httpx.Response(answer["status"], headers=headers, request=request, **body)


def _raise_error(httpx: Any, request: Any, answer: Answer) -> None:
    if "error" in answer:
        cls = getattr(httpx, answer["error"]["type"], None)
        if isinstance(cls, type) and issubclass(cls, httpx.RequestError):
            raise cls(answer["error"]["message"], request=request)
        raise httpx.ConnectError(answer["error"]["message"], request=request)


def _stream_classes(httpx: Any, forwarder: Forwarder) -> tuple[Any, Any]:
    """Return the bodies of streamed answers, to await and to iterate plainly."""

    class AsyncParts(httpx.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, request: Any, answer: Answer, timeout: float | None, release: Callable[[], None]) -> None:
            self._request, self._answer, self._timeout, self._release = request, answer, timeout, release
            self._queue: asyncio.Queue[Answer] = asyncio.Queue()
            self._ended = self._closed = False
            loop = asyncio.get_running_loop()
            forwarder.follow(answer, lambda part: loop.call_soon_threadsafe(self._queue.put_nowait, part))

        async def __aiter__(self) -> AsyncIterator[bytes]:
            while not self._ended:
                try:
                    async with asyncio.timeout(self._timeout):
                        part = await self._next()
                except TimeoutError:
                    raise httpx.ReadTimeout("the next part did not come in time", request=self._request) from None
                self._ended = not part["more"]
                _raise_error(httpx, self._request, part)
                if part["content"]:
                    yield base64.b64decode(part["content"])

        async def _next(self) -> Answer:
            task = asyncio.current_task()
            if task is None:
                return await self._queue.get()
            forwarder.recorder.operations[task] = ("request", self._answer["id"])
            try:
                return await self._queue.get()
            finally:
                forwarder.recorder.operations.pop(task, None)

        async def aclose(self) -> None:
            if not self._closed:
                self._closed = True
                forwarder.leave(self._answer, ended=self._ended)
                self._release()

    class Parts(httpx.SyncByteStream):  # type: ignore[misc]
        def __init__(self, request: Any, answer: Answer, release: Callable[[], None]) -> None:
            self._request, self._answer, self._release = request, answer, release
            self._parts: deque[Answer] = deque()
            self._ended = self._closed = False
            forwarder.follow(answer, self._take)

        def _take(self, part: Answer) -> None:
            self._parts.append(part)
            forwarder.notify()

        def __iter__(self) -> Iterator[bytes]:
            while not self._ended:
                forwarder.wait(lambda: bool(self._parts))
                part = self._parts.popleft()
                self._ended = not part["more"]
                _raise_error(httpx, self._request, part)
                if part["content"]:
                    yield base64.b64decode(part["content"])

        def close(self) -> None:
            if not self._closed:
                self._closed = True
                forwarder.leave(self._answer, ended=self._ended)
                self._release()

    return AsyncParts, Parts


def _async_methods(httpx: Any, forwarder: Forwarder, stream_class: Any) -> dict[str, Any]:
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
        if self._slots.locked():
            try:
                async with asyncio.timeout(timeouts.get("pool")):
                    await self._slots.acquire()
            except TimeoutError:
                raise httpx.PoolTimeout("no connection became free in time", request=request) from None
        else:
            await self._slots.acquire()  # which does not wait
        streamed = False
        try:
            async with asyncio.timeout(timeouts.get("read")):
                answer = await forwarder.ask(_question(self, request, content), "request")
            streamed = bool(answer.get("more"))
        except TimeoutError:
            raise httpx.ReadTimeout("the answer did not come in time", request=request) from None
        finally:
            if not streamed:
                self._slots.release()
        stream = stream_class(request, answer, timeouts.get("read"), self._slots.release) if streamed else None
        return _response(httpx, request, answer, stream)

    async def aclose(self: Any) -> None:
        _closed(self, forwarder)

    async def __aenter__(self: Any) -> Any:  # noqa: N807
        return self

    async def __aexit__(self: Any, *exc: object) -> None:  # noqa: N807
        await self.aclose()

    return {f.__name__: f for f in (__init__, handle_async_request, aclose, __aenter__, __aexit__)}


def _plain_methods(httpx: Any, forwarder: Forwarder, stream_class: Any) -> dict[str, Any]:
    def __init__(self: Any, *args: Any, limits: Any = httpx.Limits(max_connections=100), **kwargs: Any) -> None:  # noqa: B008, N807
        _opened(self, forwarder, limits, threading.Semaphore)

    def handle_request(self: Any, request: Any) -> Any:
        content = request.read()
        self._slots.acquire()
        answer: Answer = {}
        try:
            answer = forwarder.ask_blocking(_question(self, request, content))
        finally:
            if not answer.get("more"):
                self._slots.release()
        stream = stream_class(request, answer, self._slots.release) if answer.get("more") else None
        return _response(httpx, request, answer, stream)

    def close(self: Any) -> None:
        _closed(self, forwarder)

    def __enter__(self: Any) -> Any:  # noqa: N807
        return self

    def __exit__(self: Any, *exc: object) -> None:  # noqa: N807
        self.close()

    return {f.__name__: f for f in (__init__, handle_request, close, __enter__, __exit__)}
