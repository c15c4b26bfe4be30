"""The HTTP service of a check, which lives in the judge. It keeps no time and no score."""

from __future__ import annotations

import base64
import inspect
from collections.abc import AsyncGenerator
from functools import lru_cache
from types import FunctionType
from typing import Final

import httpx
import respx

from grader import wire


class HttpWorld:
    """An un-started respx router: add routes to `router`; a side effect may be async and sleep.

    A response whose content is an async generator is streamed: each part is sent when it is yielded, and a learner who
    closes the response early closes the generator.

    requests: every request that arrived, in order.
    """

    def __init__(self) -> None:
        self.router = respx.MockRouter(assert_all_called=False)
        self.requests: list[httpx.Request] = []
        self._known = 0

    async def answer(self, question: wire.Message) -> wire.Message:
        """Return the answer to an ``http`` question; a request that no route takes is refused."""
        try:
            request = httpx.Request(
                question["method"],
                _url(question["url"]),
                headers=[(_header(name), _header(value)) for name, value in question["headers"]],
                content=base64.b64decode(question["content"], validate=True),
            )
        except (ValueError, TypeError, httpx.InvalidURL) as error:
            return _error("UnsupportedProtocol", f"not a request: {error}")
        self.requests.append(request)
        self._know_signatures()
        try:
            response = await self.router.async_handler(request)
            head = {
                "status": response.status_code,
                "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in response.headers.raw],
            }
            if not isinstance(response.stream, httpx.SyncByteStream):
                return {**head, "chunks": _chunks(response)}
            content = await response.aread()
        except respx.models.AllMockedAssertionError:
            return _error("ConnectError", f"nothing answers {request.method} {request.url}")
        except httpx.RequestError as error:
            return _error(type(error).__name__, str(error))
        return {**head, "content": _text(content)}

    def _know_signatures(self) -> None:
        # respx looks at a side effect's signature at each request, which takes longer than the rest of its work.
        if len(self.router.routes) == self._known:
            return
        self._known = len(self.router.routes)
        for route in self.router.routes:
            effect = getattr(route.side_effect, "__func__", route.side_effect)
            if isinstance(effect, FunctionType) and not hasattr(effect, "__wrapped__"):
                effect.__signature__ = inspect.signature(effect)  # type: ignore[attr-defined]


def _url(text: str) -> httpx.URL:
    return _known_url(text) if len(text) <= _SHORT_URL else _read_url(text)


def _read_url(text: str) -> httpx.URL:
    url = httpx.URL(text)
    _ = url.host, url.path, url.params  # what routes look at, and what is decoded only then
    return url


# The checks of a class ask for the same few, each for every submission.
_known_url: Final = lru_cache(maxsize=1024)(_read_url)
_SHORT_URL: Final = 500


def _header(text: object) -> bytes:
    # As httpx's own transports have them: bytes, whatever they mean.
    if type(text) is not str:
        raise TypeError("a header that is not text")
    return text.encode("latin-1")


async def _chunks(response: httpx.Response) -> AsyncGenerator[wire.Message]:
    # What a route yields travels as it is yielded; the last message says how it ended.
    try:
        async for part in response.aiter_raw():
            yield {"content": _text(part), "more": True}
    except httpx.RequestError as error:
        yield {**_error(type(error).__name__, str(error)), "more": False}
    else:
        yield {"content": "", "more": False}
    finally:
        await response.aclose()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _error(name: str, message: str) -> wire.Message:
    return {"error": {"type": name, "message": message}}
