import asyncio
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, Request


def create_app(backend):
    @asynccontextmanager
    async def lifespan(app):
        with ProcessPoolExecutor(2) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan)

    @app.exception_handler(ConnectionError)
    async def handle(request: Request, error: Exception):
        from fastapi.responses import PlainTextResponse

        return PlainTextResponse("bad gateway", status_code=502)

    @app.get("/io")
    async def io():
        return await backend.fetch()

    @app.get("/legacy")
    def legacy():
        return backend.query_sync()

    @app.get("/digest")
    async def digest(n: int, request: Request):
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(request.app.state.pool, backend.crunch, n)

    @app.get("/healthz")
    async def healthz():
        return {"ok": True}

    return app
