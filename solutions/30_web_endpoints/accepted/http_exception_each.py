from fastapi import FastAPI, HTTPException


def create_app(backend):
    app = FastAPI()

    @app.get("/io")
    async def io():
        try:
            return await backend.fetch()
        except ConnectionError as error:
            raise HTTPException(502, "bad gateway") from error

    @app.get("/legacy")
    def legacy():
        try:
            return backend.query_sync()
        except ConnectionError as error:
            raise HTTPException(502, "bad gateway") from error

    @app.get("/digest")
    def digest(n: int):
        try:
            return backend.crunch(n)
        except ConnectionError as error:
            raise HTTPException(502, "bad gateway") from error

    @app.get("/healthz")
    def healthz():
        return {"ok": True}

    return app
