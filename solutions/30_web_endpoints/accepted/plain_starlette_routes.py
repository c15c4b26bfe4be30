from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import Route


def create_app(backend):
    async def io(request: Request):
        return JSONResponse(await backend.fetch())

    async def legacy(request: Request):
        return JSONResponse(await run_in_threadpool(backend.query_sync))

    def digest(request: Request):
        return JSONResponse(backend.crunch(int(request.query_params["n"])))

    async def healthz(request: Request):
        return JSONResponse({"ok": True})

    def bad_gateway(request: Request, error: Exception):
        return JSONResponse({"error": "bad gateway"}, 502)

    routes = [Route("/io", io), Route("/legacy", legacy), Route("/digest", digest), Route("/healthz", healthz)]
    return FastAPI(routes=routes, exception_handlers={ConnectionError: bad_gateway})
