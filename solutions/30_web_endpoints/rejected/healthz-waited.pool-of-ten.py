import asyncio
from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI
from fastapi.responses import JSONResponse


def create_app(backend):
    app = FastAPI()
    pool = ThreadPoolExecutor(10)  # <-- here

    async def in_thread(function, *args):
        return await asyncio.get_running_loop().run_in_executor(pool, function, *args)

    @app.exception_handler(ConnectionError)
    async def bad_gateway(request, error):
        return JSONResponse({"detail": str(error)}, status_code=502)

    @app.get("/io")
    async def io():
        return await backend.fetch()

    @app.get("/legacy")
    async def legacy():
        return await in_thread(backend.query_sync)

    @app.get("/digest")
    async def digest(n: int):
        return await in_thread(backend.crunch, n)

    @app.get("/healthz")
    async def healthz():
        return await in_thread(dict, [("ok", True)])

    return app
