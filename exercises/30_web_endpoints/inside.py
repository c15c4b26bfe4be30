"""Runs the learner's application, with or without a socket, and sends requests to it."""

import asyncio
import contextlib
import socket

import httpx

_LOOP = []  # the server's event loop


class Backend:
    """The judge's functions as methods; it can be pickled, for a pool of processes."""

    def __init__(self, calls):
        self._calls = vars(calls)

    async def fetch(self):
        if asyncio.get_running_loop() is not _LOOP[-1]:
            raise RuntimeError("fetch() runs in another event loop; its connections belong to the server's")
        return await self._calls["fetch"]()

    def query_sync(self):
        return self._calls["query_sync"]()

    def crunch(self, n):
        return self._calls["crunch"](n)


async def create_app(module, calls, requests, heard, *, real=False):
    """Send *requests*, [(seconds to wait, path), ...]; tell ``heard(number, status, body)`` of each answer.

    Return what create_app() returned, if it was no application. An exception passes through if it comes from the
    learner's code; one that only FastAPI has seen is an answer of status 500.
    """
    _LOOP[:] = [asyncio.get_running_loop()]
    app = module.create_app(Backend(calls))
    if not callable(app):
        if asyncio.iscoroutine(app):
            app.close()
        return type(app).__name__

    async def get(number, wait, path):
        await asyncio.sleep(wait)
        try:
            answer = await client.get(path)
        except Exception as error:
            if _is_theirs(error, module):
                raise
            await heard(number, 500, f"{type(error).__name__}: {error}")
        else:
            with contextlib.suppress(ValueError):
                await heard(number, answer.status_code, answer.json())
                return
            await heard(number, answer.status_code, answer.text)

    get.__qualname__ = "request"  # what a report calls a request that waits for ever
    async with (_on_a_socket if real else _mounted)(app) as client:
        tasks = [get(number, *request) for number, request in enumerate(requests)]
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result
    return None


def _is_theirs(error, module):
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == module.__file__:
            return True
        trace = trace.tb_next
    return any(_is_theirs(leaf, module) for leaf in getattr(error, "exceptions", ()))


@contextlib.asynccontextmanager
async def _mounted(app):
    """Give a client that calls *app* directly, between its start-up and its shut-down."""
    state, inbox, outbox = {}, asyncio.Queue(), asyncio.Queue()

    async def with_state(scope, receive, send):
        await app({**scope, "state": dict(state)}, receive, send)

    inbox.put_nowait({"type": "lifespan.startup"})
    life = asyncio.ensure_future(
        app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": state}, inbox.get, outbox.put)
    )
    started = asyncio.ensure_future(outbox.get())
    await asyncio.wait([life, started], return_when=asyncio.FIRST_COMPLETED)
    if not started.done():
        started.cancel()
        await life
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(with_state), base_url="http://web.test") as client:
            yield client
    finally:
        inbox.put_nowait({"type": "lifespan.shutdown"})
        await life


@contextlib.asynccontextmanager
async def _on_a_socket(app):
    """Give a client that calls *app* through a server on this machine."""
    import uvicorn

    class Server(uvicorn.Server):
        def capture_signals(self):
            return contextlib.nullcontext()

    with socket.create_server(("127.0.0.1", 0)) as door:
        server = Server(uvicorn.Config(app, log_level="critical"))
        serving = asyncio.ensure_future(server.serve([door]))
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{door.getsockname()[1]}") as client:
                yield client
        finally:
            server.should_exit = True
            await serving
