"""30 web_endpoints: a web server with slow work of three kinds, in which no request freezes the others."""

from __future__ import annotations

from typing import Any, Protocol

from fastapi import FastAPI


class Backend(Protocol):
    """What the endpoints ask. Each call takes one delay, and raises ConnectionError when something is out of order."""

    async def fetch(self) -> dict[str, Any]:
        """Wait for a service. Its connections belong to the server's event loop: RuntimeError in another one."""

    def query_sync(self) -> list[dict[str, Any]]:
        """Ask a database through a blocking library: the calling thread waits."""

    def crunch(self, n: int) -> str:
        """Compute a digest of n: the calling thread is busy."""


def create_app(backend: Backend) -> FastAPI:
    """Return a new application that answers, each time with the JSON of what the backend returned:

    GET /io         -> what backend.fetch() gives
    GET /legacy     -> what backend.query_sync() returns
    GET /digest?n=7 -> what backend.crunch(7) returns
    GET /healthz    -> {"ok": true}, without the backend

    When the backend raises ConnectionError, the answer has status 502.
    """
    # TODO: def or async def? Decide it for each endpoint.
    raise NotImplementedError
