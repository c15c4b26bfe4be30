import anyio
import anyio.to_thread
from fastapi import FastAPI
from fastapi.responses import JSONResponse


def create_app(backend):
    app = FastAPI()
    limiter = None

    async def in_thread(function, *args):
        nonlocal limiter
        if limiter is None:
            limiter = anyio.CapacityLimiter(20)
        return await anyio.to_thread.run_sync(function, *args, limiter=limiter)

    async def answer(awaitable):
        try:
            return JSONResponse(await awaitable)
        except ConnectionError as error:
            return JSONResponse({"error": str(error)}, status_code=502)

    @app.get("/io")
    async def io():
        return await answer(backend.fetch())

    @app.get("/legacy")
    async def legacy():
        return await answer(in_thread(backend.query_sync))

    @app.get("/digest")
    async def digest(n: int):
        return await answer(in_thread(backend.crunch, n))

    @app.get("/healthz")
    async def healthz():
        return JSONResponse({"ok": True})

    return app
