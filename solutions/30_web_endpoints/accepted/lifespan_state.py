import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI, HTTPException, Request


def create_app(backend):
    @contextlib.asynccontextmanager
    async def lifespan(app):
        with ThreadPoolExecutor(max_workers=10) as database, ThreadPoolExecutor(max_workers=2) as cpu:
            yield {"database": database, "cpu": cpu}

    app = FastAPI(lifespan=lifespan)

    @contextlib.contextmanager
    def bad_gateway():
        try:
            yield
        except ConnectionError as error:
            raise HTTPException(502) from error

    @app.get("/io")
    async def io():
        with bad_gateway():
            return await backend.fetch()

    @app.get("/legacy")
    async def legacy(request: Request):
        with bad_gateway():
            return await asyncio.get_running_loop().run_in_executor(request.state.database, backend.query_sync)

    @app.get("/digest")
    async def digest(request: Request, n: int):
        with bad_gateway():
            return await asyncio.get_running_loop().run_in_executor(request.state.cpu, backend.crunch, n)

    @app.get("/healthz")
    async def healthz():
        return {"ok": True}

    return app
