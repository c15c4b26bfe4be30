import anyio.from_thread
from fastapi import FastAPI, HTTPException


def create_app(backend):
    """Every endpoint in a thread; what is async is sent back to the server's loop."""
    app = FastAPI()

    def ask(function, *args):
        try:
            return function(*args)
        except ConnectionError as error:
            raise HTTPException(502, str(error))

    @app.get("/io")
    def io():
        return ask(anyio.from_thread.run, backend.fetch)

    @app.get("/legacy")
    def legacy():
        return ask(backend.query_sync)

    @app.get("/digest")
    def digest(n: int):
        return ask(backend.crunch, n)

    @app.get("/healthz")
    def healthz():
        return {"ok": True}

    return app
