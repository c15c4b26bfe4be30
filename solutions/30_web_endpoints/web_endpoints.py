"""30 web_endpoints: the reference solution."""

from __future__ import annotations

from typing import Any, Protocol

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse


class Backend(Protocol):
    """What the endpoints ask."""

    async def fetch(self) -> dict[str, Any]: ...

    def query_sync(self) -> list[dict[str, Any]]: ...

    def crunch(self, n: int) -> str: ...


def create_app(backend: Backend) -> FastAPI:
    """Return a new application: /io, /legacy, /digest and /healthz."""
    app = FastAPI()

    # It awaits, so it is a coroutine on the loop: while it waits, the others run.
    @app.get("/io")
    async def io() -> dict[str, Any]:
        return await backend.fetch()

    # It blocks, so it is a plain function: FastAPI runs it in a thread, and the loop stays free.
    @app.get("/legacy")
    def legacy() -> list[dict[str, Any]]:
        return backend.query_sync()

    # The same keeps the loop alive while it computes. To compute faster, it would take a pool of processes.
    @app.get("/digest")
    def digest(n: int) -> str:
        return backend.crunch(n)

    # It does nothing slow, so it needs no thread: it answers even when all threads are taken.
    @app.get("/healthz")
    async def healthz() -> dict[str, bool]:
        return {"ok": True}

    # One place for what can fail in three.
    @app.exception_handler(ConnectionError)
    async def bad_gateway(request: Request, error: ConnectionError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status_code=502)

    return app
