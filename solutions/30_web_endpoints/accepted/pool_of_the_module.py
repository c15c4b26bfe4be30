import asyncio
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse

DATABASE = ThreadPoolExecutor(max_workers=32, thread_name_prefix="database")
CPU = ProcessPoolExecutor(max_workers=3)


def crunch(backend, n):
    return backend.crunch(n)


def create_app(backend):
    app = FastAPI(exception_handlers={ConnectionError: bad_gateway})

    async def loop():
        return asyncio.get_running_loop()

    @app.api_route("/io", methods=["GET", "HEAD"])
    async def io():
        return await backend.fetch()

    @app.get("/legacy")
    async def legacy(loop=Depends(loop)):
        return await asyncio.wrap_future(DATABASE.submit(backend.query_sync))

    @app.get("/digest")
    async def digest(n: int, loop=Depends(loop)):
        return await loop.run_in_executor(CPU, crunch, backend, n)

    @app.get("/healthz")
    async def healthz():
        return {"ok": True}

    return app


async def bad_gateway(request, error):
    return JSONResponse({"detail": "bad gateway"}, 502)
