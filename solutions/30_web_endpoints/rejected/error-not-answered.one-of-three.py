from fastapi import FastAPI, HTTPException


def create_app(backend):
    app = FastAPI()

    @app.get("/io")
    async def io():
        try:
            return await backend.fetch()
        except ConnectionError:
            raise HTTPException(502)

    @app.get("/legacy")
    def legacy():
        try:
            return backend.query_sync()
        except ConnectionError:
            raise HTTPException(502)

    @app.get("/digest")
    def digest(n: int):
        return backend.crunch(n)  # <-- here

    @app.get("/healthz")
    async def healthz():
        return {"ok": True}

    return app
