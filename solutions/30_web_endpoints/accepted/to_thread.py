import asyncio

from fastapi import FastAPI, HTTPException


def create_app(backend):
    app = FastAPI(title="web_endpoints")

    async def guarded(awaitable):
        try:
            return await awaitable
        except OSError as error:
            raise HTTPException(status_code=502, detail=str(error))

    @app.get("/io")
    async def io():
        return await guarded(backend.fetch())

    @app.get("/legacy")
    async def legacy():
        return await guarded(asyncio.to_thread(backend.query_sync))

    @app.get("/digest")
    async def digest(n: int):
        return await guarded(asyncio.to_thread(backend.crunch, n))

    @app.get("/healthz")
    async def healthz():
        return {"ok": True}

    return app
