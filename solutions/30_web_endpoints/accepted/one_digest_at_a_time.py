import asyncio

from fastapi import FastAPI, HTTPException


def create_app(backend):
    app = FastAPI()
    one_core = asyncio.Semaphore(1)

    @app.get("/io")
    async def io():
        try:
            return await backend.fetch()
        except Exception:
            raise HTTPException(502)

    @app.get("/legacy")
    def legacy():
        try:
            return backend.query_sync()
        except Exception:
            raise HTTPException(502)

    @app.get("/digest")
    async def digest(n: int):
        """Two digests at once would be no faster on one core, so they take turns."""
        async with one_core:
            try:
                return await asyncio.to_thread(backend.crunch, n)
            except Exception:
                raise HTTPException(502)

    @app.get("/healthz")
    async def healthz():
        return {"ok": True}

    return app
