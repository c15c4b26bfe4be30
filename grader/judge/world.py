"""The HTTP service of a check, which lives in the judge. It keeps no time and no score."""

from __future__ import annotations

import base64

import httpx
import respx

from grader import wire


class HttpWorld:
    """An un-started respx router: add routes to `router`; a side effect may be async and sleep.

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
            content = await response.aread()
        except respx.models.AllMockedAssertionError:
            return _error("ConnectError", f"nothing answers {request.method} {request.url}")
        except httpx.RequestError as error:
            return _error(type(error).__name__, str(error))
        return {
            "status": response.status_code,
            "headers": [[name, value] for name, value in response.headers.multi_items()],
            "content": base64.b64encode(content).decode("ascii"),
        }


def _error(name: str, message: str) -> wire.Message:
    return {"error": {"type": name, "message": message}}
