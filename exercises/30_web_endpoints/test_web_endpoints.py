"""What the grader checks in 30 web_endpoints."""

import asyncio
import random
import string
from types import SimpleNamespace

import pytest

from grader.diagnosis.model import delays
from grader.expect import fail
from grader.judge.submission import SubmissionError

pytest.importorskip("fastapi", reason="pip install -e '.[exercises]'")
pytest.importorskip("uvicorn", reason="pip install -e '.[exercises]'")

FUNCTIONS = {"create_app": "plain"}
SOON = 0.5  # delays within which /healthz answers
SLOW = {"/io": "fetch", "/legacy": "query_sync", "/digest": "crunch"}
AWAY = r"to_thread|run_in_threadpool|run_in_executor|run_sync|submit\("


def shorten(value):
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:97]}..."


def text():
    return "".join(random.choices(string.ascii_letters + "äéß日本🙂", k=8))


class Backend:
    """What the application asks. Every value is fresh; `broken` is how many calls are going to fail."""

    def __init__(self, delay):
        self.delay, self.broken = delay, 0
        self.renew()

    def renew(self):
        self.data = {text(): random.randint(0, 999), "nested": {"text": text()}}
        self.rows = [{"id": number, "name": text()} for number in range(random.randint(2, 4))]
        self.salt = text()

    async def fetch(self):
        return await self._slowly(self.data)

    def query_sync(self):  # what returns a coroutine without being one holds the calling thread
        return self._slowly(self.rows)

    def crunch(self, n):
        if type(n) is not int:
            raise TypeError(f"crunch() wants an int, not {type(n).__name__}")
        return self._slowly(self.digest(n))

    def digest(self, n):
        return f"{self.salt}-{n}"

    def due(self, path):
        values = {"/io": self.data, "/legacy": self.rows, "/healthz": {"ok": True}}
        return values[path] if path in values else self.digest(int(path.partition("=")[2]))

    async def _slowly(self, value):
        await asyncio.sleep(self.delay)
        if self.broken:
            self.broken -= 1
            raise ConnectionError("the backend is out of order")
        return value


class Server:
    """The learner's application with a backend. answers: number of the request -> (delays, status, body)."""

    def __init__(self, submission, *, real=False):
        self.submission, self.real = submission, real
        self.backend, self.answers = Backend(submission.delay), {}

    async def get(self, *requests):
        """Send requests, paths or (delays to wait, path), at once; expect each to be answered."""
        submission, backend, delay = self.submission, self.backend, self.submission.delay
        requests = [request if isinstance(request, tuple) else (0, request) for request in requests]
        loop = asyncio.get_running_loop()
        began, self.answers = loop.time(), {}

        async def heard(number, status, body):
            self.answers[number] = ((loop.time() - began) / delay, status, body)

        calls = SimpleNamespace(fetch=backend.fetch, query_sync=backend.query_sync, crunch=backend.crunch)
        waits = [(wait * delay, path) for wait, path in requests]
        try:
            kind = await submission.inside.create_app(calls, waits, heard, real=self.real)
        except SubmissionError as raised:
            explain(raised.error)
            raise
        if kind is not None:
            seen = f"create_app() returned a {kind}, not an application."
            line, hint = submission.definition("create_app"), "return the FastAPI object that you made."
            if kind == "coroutine":
                hint = "write `def create_app`: it has nothing to await; its endpoints may be `async def`."
            fail("no-app", "returned no application", seen, line=line, hint=hint)
        return [self.answers[number] for number in range(len(requests))]

    async def expect(self, *requests):
        """Send requests, and expect the right answer to each; return the delays that each took to come."""
        answers = await self.get(*requests)
        for request, (_, status, body) in zip(requests, answers):
            path = request[1] if isinstance(request, tuple) else request
            expect_json(self.submission, path, status, body, self.backend.due(path))
        return [time for time, _, _ in answers]


def route(submission, path):
    path = path.partition("?")[0]
    return submission.line(rf"""["']{path}["']""") or submission.line(path) or submission.definition("create_app")


def expect_json(submission, path, status, body, due):
    expect_ok(submission, path, status, body)
    if body != due or type(body) is not type(due):
        seen = f"GET {path} was answered with {shorten(body)}; {shorten(due)} was due."
        hint = "the JSON is what the backend has returned to this very request, no more and no less."
        fail("wrong-json", "answered something else", seen, line=route(submission, path), hint=hint)


def expect_ok(submission, path, status, body):
    """Expect status 200, and say what another one means."""
    if status == 200:
        return
    line = route(submission, path)
    if status in (404, 405):
        seen = f"GET {path} was answered with status {status}."
        fail("no-endpoint", "an endpoint is missing", seen, line=line, hint="compare path and method with the task.")
    if status == 422:
        seen, hint = f"GET {path} was answered with status 422: {shorten(body)}.", "the parameter is `n`, an int."
        fail("wrong-parameter", "the parameter did not fit", seen, line=line, hint=hint)
    if "coroutine" in str(body):
        line = submission.line(r"\bfetch\b")
        moved = submission.line(rf"({AWAY}).*\bfetch\b")
        mark = "this moves the making of a coroutine to a thread; nobody runs the coroutine"
        if moved is None:
            mark = "calling it makes a coroutine; FastAPI was given that, not its result"
        hint = "fetch() is `async def`: `await` it, in an endpoint that is `async def` too."
        seen = f"GET {path} was answered with a coroutine, which is no JSON: status {status}."
        fail("never-awaited", "forgot an await", seen, line=moved or line, mark=mark, hint=hint)
    seen = f"GET {path} was answered with status {status}: {shorten(body)}."
    fail("wrong-status", f"answered {status}", seen, line=line, hint="status 200 was due: nothing had failed.")


def explain(error):
    """Name the cause of an exception, if it is one that only this exercise knows."""
    if error.is_a("ConnectionError"):
        seen = "the backend raised ConnectionError, and so did the endpoint: the client gets status 500."
        mark, hint = "nobody catches what this raises", "catch it, or register an exception handler; answer 502."
        fail("error-not-answered", "let an error through", seen, line=error.line, mark=mark, hint=hint)
    if "crunch() wants an int" in error.message:
        hint = "declare the parameter as `n: int`: FastAPI then converts it, and refuses what is no number."
        fail("text-for-a-number", "gave text for a number", f"{error.message}.", line=error.line, hint=hint)
    if "another event loop" in error.message:
        mark = "this starts an event loop in a thread of its own, where the backend's connections do not work"
        hint = "an endpoint that is `async def` runs in the server's loop, and can await fetch() there."
        fail("another-loop", "left the server's loop", f"{error.message}.", line=error.line, mark=mark, hint=hint)


async def test_answers(submission):
    """Each endpoint answers with the right JSON, and with fresh one."""
    server = Server(submission)
    paths = ["/healthz", "/io", "/legacy", *(f"/digest?n={n}" for n in random.sample(range(99), 3))]
    due = [server.backend.due(path) for path in paths]
    asyncio.get_running_loop().call_later(4.5 * submission.delay, server.backend.renew)
    answers = await server.get(*paths, *((5, path) for path in paths))
    due += [server.backend.due(path) for path in paths]
    for path, (_, status, body), value in zip(paths * 2, answers, due):
        expect_json(submission, path, status, body, value)


@pytest.mark.check(points=2)
async def test_io(submission):
    """Ten requests to /io take one delay."""
    with submission.takes(1, at_most=1.5, serial=10):
        await Server(submission).expect(*["/io"] * 10)


@pytest.mark.check(points=2)
async def test_legacy(submission):
    """Ten requests to /legacy take one delay, and leave the loop alone."""
    with submission.takes(1, at_most=2.5, serial=10):
        await Server(submission).expect(*["/legacy"] * 10)


@pytest.mark.check(points=2)
async def test_digest(submission):
    """Ten requests to /digest leave the loop alone."""
    with submission.takes(1, at_most=10.5, serial=10):
        await Server(submission).expect(*(f"/digest?n={n}" for n in range(10)))


@pytest.mark.parametrize("path", ["/io", "/legacy", "/digest?n=7"])
async def test_healthz(submission, path):
    """/healthz answers at once, with ten slow requests under way."""
    with submission.takes(1, at_most=10.5, serial=10):
        *_, time = await Server(submission).expect(*[path] * 10, (0.25, "/healthz"))
    if time > 0.25 + SOON:
        seen = f"with ten requests to {path} under way, /healthz answered after {delays(time - 0.25)}."
        hint = "let it need nothing that is slow or shared: not the backend, no thread of a small pool, no lock."
        shared = submission.line(r"(Semaphore|Limiter|Executor|Lock)\(")
        mark = "whoever waits for this waits behind the slow requests" if shared else ""
        line = shared or route(submission, "/healthz")
        fail("healthz-waited", "/healthz had to wait", seen, line=line, mark=mark, hint=hint)


@pytest.mark.parametrize("path", ["/io", "/legacy", "/digest?n=7"])
async def test_errors(submission, path):
    """A failing backend gives 502, and the next request is answered again."""
    server = Server(submission)
    server.backend.broken = 1
    (_, status, body), (_, *second) = await server.get(path, (2, path))
    if status != 502:
        seen = f"the backend raised ConnectionError; GET {path} was answered with {status}: {shorten(body)}."
        line = submission.line(r"exception_handler|^\s*except\b") or route(submission, path)
        hint = "`raise HTTPException(502)` where the error is caught, or a response with `status_code=502`."
        fail("wrong-status", f"answered {status} in place of 502", seen, line=line, hint=hint)
    expect_json(submission, path, *second, server.backend.due(path))


async def test_two_apps(submission):
    """Every application has its own backend, also in a second event loop."""
    for _ in range(2):
        servers = [Server(submission) for _ in range(2)]
        await asyncio.gather(*(server.expect("/io", "/legacy", "/digest?n=1", "/healthz") for server in servers))
        await submission.new_loop()


@pytest.mark.check(clock="real", confirms=True, network=True)
async def test_for_real(submission):
    """And so for real, behind a web server."""
    server = Server(submission, real=True)
    server.backend.delay = 0.5  # the server takes its time to start, which counts too
    with submission.takes(1, at_most=2.5, serial=20, delay=server.backend.delay):
        await server.expect(*["/io", "/legacy"] * 10, (0.25, "/healthz"))
