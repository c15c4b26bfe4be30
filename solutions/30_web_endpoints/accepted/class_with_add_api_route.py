import functools

from fastapi import FastAPI, HTTPException


def or_bad_gateway(method):
    @functools.wraps(method)
    def wrapped(*args, **kwargs):
        try:
            return method(*args, **kwargs)
        except ConnectionError:
            raise HTTPException(502, detail="the backend is out of order") from None

    return wrapped


class Endpoints:
    def __init__(self, backend):
        self.backend = backend

    async def io(self):
        try:
            return await self.backend.fetch()
        except ConnectionError:
            raise HTTPException(502, detail="the backend is out of order") from None

    @or_bad_gateway
    def legacy(self):
        return self.backend.query_sync()

    @or_bad_gateway
    def digest(self, n: int):
        return self.backend.crunch(n)

    async def healthz(self):
        return {"ok": True}


def create_app(backend):
    app, endpoints = FastAPI(), Endpoints(backend)
    for name in ("io", "legacy", "digest", "healthz"):
        app.add_api_route(f"/{name}", getattr(endpoints, name), methods=["GET"])
    return app
