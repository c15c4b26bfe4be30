"""What the grader checks in 27 stream_llms."""

import asyncio
import contextlib
import itertools
import json
import random
import re
from importlib.util import find_spec

import httpx
import pytest

from grader.diagnosis.model import count, delays, shorten
from grader.evidence import CheckFailed, Deadlocked, NotRaised
from grader.expect import expect_equal
from grader.judge.submission import SubmissionError

FUNCTIONS = {"stream_llms": "stream"}
LETTERS = "abcdefghijklmnopqrstuvwxyz" + "äéñßłøžπж日本語🙂" * 2
LATE = 0.1  # delays: what comes sooner than this counts as at once
YIELDS = r"\byield\b"
STARTS = r"create_task\(|ensure_future\(|start_soon\(|gather\("
CATCHES = r"except\s*:|BaseException|GeneratorExit"
ASKS_NEXT = r"\banext\(|__anext__"
NO_END = "the reader left, and the generator did not end."


# -- what the models say: a talk is [(delays to wait, bytes or an exception), ...] -----------------------------


def word():
    return "".join(random.choices(LETTERS, k=random.randint(2, 7)))


def lines(every, number):
    return [(every, f"{word()}\n".encode()) for _ in range(number)]


def pieces(every, number):
    """Return lines as a network cuts them: within lines and characters, and the last three in one piece."""
    whole = [f"{word()}é\n".encode() for _ in range(number)]
    text, cut = b"".join(whole), len(b"".join(whole[:-3]))
    inside = [place for place in range(1, cut) if text[place] & 0xC0 == 0x80]
    cuts = {0, len(text), *random.sample(inside, number // 2), *random.sample(range(1, cut), number // 2)}
    return [(every, text[start:end]) for start, end in itertools.pairwise(sorted(cuts))]


def arrivals(talk):
    """Return [(delays from the start, token), ...]: a token has arrived when its line is complete."""
    now, rest, found = 0, b"", []
    for wait, part in talk:
        now += wait
        *complete, rest = (rest + (part if isinstance(part, bytes) else b"")).split(b"\n")
        found += [(now, line.decode()) for line in complete]
    return found


class Session:
    """Models that talk, and a reader who leaves after `enough` tokens and pauses after each. Times are in delays.

    talks: provider -> its talk. refuses: provider -> (time, status).
    """

    def __init__(self, submission, talks, refuses=(), *, enough=1000, pause=0, host="llm.test"):
        self.submission, self.delay, self.host, self.url = submission, submission.delay, host, f"https://{host}"
        self.talks, self.refuses, self.enough, self.pause = talks, dict(refuses), enough, pause
        self.prompts = {provider: f"Tell me about {word()}." for provider in [*talks, *self.refuses]}
        self.asked, self.wrong = [], []  # providers; (provider, body)
        self.talking, self.most_talking, self.patient = [], 0, False
        self.heard, self.unheard = [], []  # (time, item); providers of whom too little was heard
        self.left, self.not_closed, self.client_closed = None, 0, False
        self.clock = asyncio.get_running_loop().time
        self.began = self.clock()

    def now(self):
        return (self.clock() - self.began) / self.delay

    def join(self, world):
        world.router.post(host=self.host, path__regex=r"^/[^/]+/generate$").mock(side_effect=self._answer)
        return self

    async def _answer(self, request):
        provider = request.url.path.split("/")[1]
        self.note_request(provider, request.content)
        if provider in self.talks:
            headers = {"content-type": "text/plain; charset=utf-8"}
            return httpx.Response(200, headers=headers, content=self.talk(provider))
        at, status = self.refuses.get(provider, (0, 404))
        await asyncio.sleep(at * self.delay)
        return httpx.Response(status, text="the model is out of order\n")

    def note_request(self, provider, body):
        self.asked.append(provider)
        with contextlib.suppress(ValueError):
            body = json.loads(body)
        if body != {"prompt": self.prompts.get(provider)}:
            self.wrong.append((provider, body))

    async def talk(self, provider):
        talk = self.talks.get(provider, [])
        self.talking.append(provider)
        self.most_talking = max(self.most_talking, len(self.talking))
        try:
            for number, (wait, part) in enumerate(talk, 1):
                await asyncio.sleep(wait * self.delay)
                if isinstance(part, Exception):
                    raise part
                if self.patient and number == len(talk):
                    await self._until_heard(provider)
                yield part
        finally:
            self.talking.remove(provider)

    async def _until_heard(self, provider):
        for _ in range(200):
            if any(isinstance(item, tuple | list) and provider in item for _, item in self.heard):
                return
            await asyncio.sleep(0.01)
        self.unheard.append(provider)

    async def hears(self, item):
        self.heard.append((self.now(), item))
        await asyncio.sleep(self.pause * self.delay)
        return len(self.heard) < self.enough

    def leaves(self, not_closed, client_closed):
        self.left, self.not_closed, self.client_closed = self.now(), not_closed, client_closed

    async def read(self):
        """Read; whatever is wrong with the stream as such is said here."""
        try:
            fault = await self.submission.inside.stream_llms(self.prompts, self.url, self.hears, self.leaves)
        except SubmissionError as raised:
            explain(self, raised.error)
            raise
        except CheckFailed as failed:
            if isinstance(failed.failure, Deadlocked) and len(self.heard) >= self.enough:
                self.fail("raised-on-leaving.ignored", NO_END, CATCHES, YIELDS)
            raise
        finally:
            if self.client_closed:
                closes = r"with client(\s+as\b.*)?:|client\.(aclose|__aexit__)\("
                self.fail("closed-the-client", "the client was closed when the stream had ended.", closes)
        if fault is not None:
            code, seen = fault
            groups = rf"TaskGroup\(|create_task_group\(|{CATCHES}"
            top = self.submission.definition("stream_llms")
            self.fail(code, seen, groups if code == "raised-on-leaving" else top)
        for provider, body in self.wrong:
            due = shorten({"prompt": self.prompts.get(provider)}, 60)
            self.fail("wrong-prompt", f"{provider} was sent {shorten(body, 60)}; {due} was due.", self.asks(provider))
        expect_equal(sorted(self.asked), sorted(self.prompts), "the providers asked")
        return self

    def asks(self, provider):
        """Return the line that asked *provider*."""
        return next((call.line for call in self.submission.calls if f"/{provider}/" in call.name), None)

    def fail(self, code, seen, *places):
        """Point at the first of the *places* that there is: a line, or a pattern to find one."""
        found = (self.submission.line(place) if isinstance(place, str) else place for place in places)
        self.submission.fail(code, seen, next(filter(None, found), None))


def explain(session, error):
    """Name the cause of an exception, if it is one that only this exercise knows."""
    seen = f"{error.name}: {error.message}."
    helper = r"async def (?!stream_llms)\w+\((?:(?!\bdef ).)*?\byield\b"
    if error.is_a("CancelledError") and not error.leaves:
        waits = error.frames[0].line if error.frames else None
        session.fail("raised-on-leaving.cancelled", "the reader left, and aclose() raised CancelledError.", waits)
    if "ignored GeneratorExit" in error.message:
        session.fail("raised-on-leaving.ignored", NO_END, CATCHES, YIELDS)
    if "_AsyncGeneratorContextManager" in error.message:
        session.fail("awaited-a-value", seen, error.line)
    if error.is_a("UnicodeDecodeError"):
        session.fail("broken-tokens", f"a part ended inside a character: {error.message}.", error.line)
    streams = re.search(helper, session.submission.source, re.DOTALL)
    if "async_generator" in error.message or ("awaitable is required" in error.message and streams):
        session.fail("awaited-a-stream", seen, error.line)


# -- what is expected ----------------------------------------------------------------------------------------


def expect_tokens(session, until=1000, *, at_once=True):
    """Expect every token that arrived before *until*; *at_once*: each as soon as it had arrived."""
    due = {name: [come for come in arrivals(talk) if come[0] < until] for name, talk in session.talks.items()}
    heard = {name: [] for name in due}
    for time, item in session.heard:
        if not isinstance(item, tuple | list) or len(item) != 2 or item[0] not in list(heard):
            session.fail("wrong-items", f"one item was {shorten(item, 60)}.", YIELDS)
        heard[item[0]].append((time, item[1]))
    for name, arrived in due.items():
        expect_words(session, name, [token for _, token in heard[name]], [token for _, token in arrived])
    for name in session.unheard:
        seen = f"of {name}, no token was handed on while the answer went on."
        session.fail("whole-answer", seen, session.asks(name))
    if at_once and session.most_talking > 1:  # one after another is a matter of time, which `takes` will tell
        expect_no_waiting(session, heard, due)


def expect_words(session, name, seen, due):
    if seen == due:
        return
    by_hand = session.submission.line(r"\baiter_(bytes|text|raw)\b|\.decode\(")
    missing, wrong = len(seen) < len(due), next((token for token, right in zip(seen, due) if token != right), "")
    if missing and seen == due[: len(seen)] and not by_hand:
        text = f"of {name}, {len(seen)} of {len(due)} tokens came; then the stream ended."
        session.fail("stopped-early", text, YIELDS)
    if [str(token).strip() for token in seen] == due:
        session.fail("kept-the-newline", f"a token of {name} was {wrong!r}.", YIELDS)
    ascii_seen, ascii_due = (re.sub(r"[^!-~]", "", "".join(map(str, tokens))) for tokens in (seen, due))
    if ascii_seen == ascii_due or (by_hand and missing):
        such = f", such as {shorten(wrong, 60)}" if wrong else ""
        text = f"of {name}, {count(len(seen), 'token')} came{such}; {count(len(due), 'line')} had been sent."
        session.fail("broken-tokens", text, by_hand, session.asks(name))
    expect_equal(seen, due, f"the tokens of {name}")


def expect_no_waiting(session, heard, due):
    waits = [(*arrived, came, name) for name in due for arrived, (came, _) in zip(due[name], heard[name])]
    late = [wait for wait in waits if wait[2] > wait[0] + LATE]
    if not late:
        return
    arrived, token, came, name = min(late)
    seen = f"{name}'s token {shorten(token)} had arrived after {delays(arrived)}, and was handed on after {came:g}"
    ends = {name: talk[-1][0] for name, talk in due.items()}
    if all(came > ends[name] - LATE for _, _, came, name in waits):
        if len({came for _, _, came, _ in waits}) == 1 and len(set(ends.values())) > 1:
            session.fail("collected-first", f"{seen}, with all the others.", YIELDS)
        session.fail("whole-answer", f"{seen}, when {name} had ended.", session.asks(name))
    session.fail("held-back", f"{seen}.", r"\bgather\(|ALL_COMPLETED|\bzip\(", r"\bwait\(", rf"\banext\(|{YIELDS}")


async def expect_closed(session, at, when, late="closed-late"):
    """Expect that the stream and all answers were closed at once when *when* happened, at the time *at*."""
    if session.left is not None and session.left > at + LATE:
        seen = f"{when} after {delays(at)}; the stream ended only after {delays(session.left)}."
        looks = r"await (asyncio\.)?gather\(|\.(result|exception)\(\)" if late == "error-late" else STARTS
        session.fail(late, seen, looks, STARTS)
    not_closed = session.not_closed or len(session.talking)
    if not not_closed:
        return
    await asyncio.sleep(session.delay * LATE)
    if session.talking:
        seen = f"{when}, and {count(len(session.talking), 'answer')} went on all the same."
        session.fail("left-streaming", seen, STARTS)
    seen = f"{when}; the stream ended with {count(not_closed, 'answer')} not closed yet."
    if session.submission.line(ASKS_NEXT) and not session.submission.line(r"\.aclose\("):
        session.fail("closed-too-late.generators", seen, ASKS_NEXT)
    session.fail("closed-too-late", seen, r"\.cancel\(", STARTS)


# -- the checks ----------------------------------------------------------------------------------------------


@pytest.mark.check(points=3)
async def test_as_they_arrive(submission, world):
    """Eleven tokens of three models take four delays, each as it arrives."""
    talks = {"a": lines(1, 3), "b": lines(2, 2), "c": lines(0.5, 6)}
    with submission.takes(4, at_most=4 + LATE, serial=10):
        expect_tokens(await Session(submission, talks).join(world).read())


async def test_any_models(submission, world):
    """One model, five, or none: each is asked once."""
    for names in (["solo"], [], ["mistral", "a", "model-7", "qwen", "z"]):
        talks = {name: lines(random.choice([0.25, 0.75, 1.25]), random.randint(2, 5)) for name in names}
        expect_tokens(await Session(submission, talks).join(world).read())


async def test_cut_anywhere(submission, world):
    """Parts may end within a line or a character."""
    talks = {"left": pieces(0.5, 8), "right": pieces(0.75, 8)}
    expect_tokens(await Session(submission, talks).join(world).read())


def three_long_talks():
    return {"a": lines(1, 3), "b": lines(2, 9), "c": lines(0.75, 9)}


@pytest.mark.check(points=2)
@pytest.mark.parametrize("pause", [0, 1.4])
async def test_leaving_early(submission, world, pause):
    """A reader who leaves closes all answers."""
    session = await Session(submission, three_long_talks(), enough=2, pause=pause).join(world).read()
    await expect_closed(session, session.heard[-1][0] + pause, "the reader left after two tokens")
    await submission.leaves_nothing_behind()


async def test_cancelled(submission, world):
    """A reader who is cancelled closes all answers."""
    session = Session(submission, three_long_talks()).join(world)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1.25 * submission.delay):
            await session.read()
    await expect_closed(session, 1.25, "the reader was cancelled")
    await submission.leaves_nothing_behind()


@pytest.mark.parametrize("error", ["HTTPStatusError", "ReadError"])
async def test_errors(submission, world, error):
    """An error is raised at once, and closes the others."""
    talks, refuses, status = {"a": lines(0.5, 9), "c": lines(1, 9)}, {}, random.choice([401, 429, 500])
    if error == "ReadError":
        why, talks["b"] = "b broke off", [*lines(0.75, 2), (0.25, httpx.ReadError("the connection broke"))]
    else:
        why, refuses["b"] = f"b answered {status}", (1.75, status)
    session = Session(submission, talks, refuses).join(world)
    try:
        with submission.raises(error, because=why):
            await session.read()
    except CheckFailed as failed:
        if isinstance(failed.failure, NotRaised):
            await say_where_the_error_went(session, why)
        raise
    await expect_closed(session, 1.75, why, late="error-late")
    expect_tokens(session, until=1.75)


async def say_where_the_error_went(session, why):
    if any("out of order" in str(item) for _, item in session.heard):
        session.fail("error-ignored", f"{why}, and the text of its error came as a token.", session.asks("b"))
    await session.submission.leaves_nothing_behind()
    catches = r"return_exceptions=True|suppress\(|^\s*except\b"
    session.fail("lost-error", f"{why}, and the stream ended as if all were well.", catches, STARTS)


async def test_again(submission, world):
    """A second asyncio.run() works as the first, and two streams at once keep apart."""
    expect_tokens(await Session(submission, three_long_talks()).join(world).read())
    await submission.new_loop()
    first = Session(submission, {"a": lines(1, 3), "b": lines(0.75, 3)}).join(world)
    second = Session(submission, {"a": lines(0.5, 3), "c": lines(0.75, 3)}, host="other.test").join(world)
    await asyncio.gather(first.read(), second.read())
    expect_tokens(first)
    expect_tokens(second)


@contextlib.asynccontextmanager
async def served(session):
    """Let the models of *session* talk from a server on this machine."""
    import uvicorn
    from fastapi import FastAPI, Request
    from fastapi.responses import StreamingResponse

    app = FastAPI()

    @app.post("/{provider}/generate")
    async def generate(provider: str, request: Request):
        session.note_request(provider, await request.body())
        return StreamingResponse(session.talk(provider), media_type="text/plain")

    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical"))
    server.capture_signals = contextlib.nullcontext  # Ctrl-C stays pytest's
    with session.submission.door() as door:
        session.patient, session.url = True, f"http://127.0.0.1:{door.getsockname()[1]}"
        serving = asyncio.create_task(server.serve([door]))
        try:
            yield session
        finally:
            server.should_exit = True
            await serving


@pytest.mark.check(clock="real", confirms=True, network=True)
@pytest.mark.skipif(not (find_spec("fastapi") and find_spec("uvicorn")), reason="pip install -e '.[exercises]'")
async def test_for_real(submission):
    """And so for real, over HTTP from a server."""
    talks = {f"model-{number}": lines(0.5, 3) for number in range(5)}
    async with served(Session(submission, talks, enough=1)) as session:
        await session.read()
        for _ in range(50):
            if session.talking:
                await asyncio.sleep(session.delay * LATE)
        await expect_closed(session, session.left, "the reader left after one token")
    async with served(Session(submission, talks)) as session:
        session.delay *= 2  # to connect takes its time, which counts too
        with submission.takes(1.5, at_most=3, serial=7.5, delay=session.delay):
            expect_tokens(await session.read(), at_once=False)
