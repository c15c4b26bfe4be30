from typing import Annotated, Any

from fastapi import FastAPI, Query, Response
from fastapi.concurrency import run_in_threadpool


def create_app(backend):
    app = FastAPI()

    @app.middleware("http")
    async def bad_gateway(request, call_next):
        try:
            return await call_next(request)
        except ConnectionError:
            return Response(status_code=502)

    @app.get("/io")
    async def io() -> dict[str, Any]:
        return await backend.fetch()

    @app.get("/legacy")
    async def legacy() -> list[dict[str, Any]]:
        return await run_in_threadpool(backend.query_sync)

    @app.get("/digest")
    async def digest(n: Annotated[int, Query(ge=0)]) -> str:
        return await run_in_threadpool(backend.crunch, n=n)

    @app.get("/healthz")
    async def healthz() -> dict[str, bool]:
        return {"ok": True}

    return app
