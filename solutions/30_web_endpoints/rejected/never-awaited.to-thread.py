import asyncio

from fastapi import FastAPI
from fastapi.responses import JSONResponse


def create_app(backend):
    app = FastAPI()

    @app.exception_handler(ConnectionError)
    async def bad_gateway(request, error):
        return JSONResponse({"detail": str(error)}, status_code=502)

    @app.get("/io")
    async def io():
        return await asyncio.to_thread(backend.fetch)  # <-- here

    @app.get("/legacy")
    def legacy():
        return backend.query_sync()

    @app.get("/digest")
    def digest(n: int):
        return backend.crunch(n)

    @app.get("/healthz")
    async def healthz():
        return {"ok": True}

    return app
