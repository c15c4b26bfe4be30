"""The HTTP service of a check, which lives in the judge. It keeps no time and no score."""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator

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

    async def answer(self, question: wire.Message) -> wire.Message:
        """Return the answer to an ``http`` question; a request that no route takes is refused."""
        try:
            request = httpx.Request(
                question["method"],
                question["url"],
                headers=[(str(name), str(value)) for name, value in question["headers"]],
                content=base64.b64decode(question["content"], validate=True),
            )
        except (ValueError, TypeError, httpx.InvalidURL) as error:
            return _error("UnsupportedProtocol", f"not a request: {error}")
        self.requests.append(request)
        try:
            response = await self.router.async_handler(request)
            head = {
                "status": response.status_code,
                "headers": [[name, value] for name, value in response.headers.multi_items()],
            }
            if not isinstance(response.stream, httpx.SyncByteStream):
                return {**head, "chunks": _chunks(response)}
            content = await response.aread()
        except respx.models.AllMockedAssertionError:
            return _error("ConnectError", f"nothing answers {request.method} {request.url}")
        except httpx.RequestError as error:
            return _error(type(error).__name__, str(error))
        return {**head, "content": _text(content)}


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
