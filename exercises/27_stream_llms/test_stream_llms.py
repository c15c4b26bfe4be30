"""What the grader checks in 27 stream_llms."""

import asyncio
import contextlib
import itertools
import json
import random
import re
import socket
from importlib.util import find_spec
from types import SimpleNamespace

import httpx
import pytest

from grader.diagnosis.model import count, delays
from grader.evidence import CheckFailed, Deadlocked, NotRaised
from grader.expect import expect_equal, fail
from grader.judge.submission import SubmissionError

FUNCTIONS = {"stream_llms": "stream"}
LETTERS = "abcdefghijklmnopqrstuvwxyz" + "äéñßłøžπж日本語🙂" * 2
LATE = 0.1  # delays: what comes sooner than this counts as at once
STARTS = r"create_task\(|ensure_future\(|start_soon\(|gather\("

SAYS = {  # code: title, what the line does, what to try
    "not-a-stream": (
        "not a stream",
        "a call has to give an async iterator at once; a coroutine gives one value, and only when awaited",
        "write `async def` with a `yield` for each token: that makes it an async generator.",
    ),
    "no-aclose": (
        "has no aclose()",
        "a reader who leaves early cannot say so",
        "an async generator has one by itself.",
    ),
    "awaited-a-stream": (
        "took a stream for one value",
        "this wants something to await, for one value; an async generator has many, and cannot be awaited",
        "read each stream in a task of its own, and let all of them put their tokens into one queue.",
    ),
    "wrong-prompt": ("the prompt did not arrive", "", "httpx sends what you give it as `json=...` as JSON."),
    "wrong-items": ("not (provider, token)", "", "yield a tuple: the provider's name, and the token as a str."),
    "broken-tokens": (
        "took chunks for lines",
        "what the network delivers at a time may be half a line, or three, and end inside a character",
        "httpx puts the lines together for you: `aiter_lines`.",
    ),
    "stopped-early": (
        "stopped before the last token",
        "",
        "a stream that has ended is one of several: go on until the last one has.",
    ),
    "whole-answer": (
        "waited for the whole answer",
        "the answer is read to its end before you see any of it",
        "`client.stream(...)` gives the answer as soon as it begins; hand on each line when you have read it.",
    ),
    "collected-first": (
        "collected before yielding",
        "no token leaves before the last has come",
        "hand on each token when it comes: put it into a queue, and yield what comes out.",
    ),
    "held-back": (
        "a token had to wait for another",
        "here a token that is there waits for one that is not",
        "wait for whichever stream speaks first, not for one token of each.",
    ),
    "closed-late": (
        "went on when it was over",
        "",
        "cancel the tasks that read; then wait for them, which takes no time.",
    ),
    "left-streaming": (
        "left the answers streaming",
        "nobody stops what this starts: the models go on talking",
        "in a `finally`, cancel the tasks that read, and wait for them.",
    ),
    "closed-too-late": (
        "did not wait for the end",
        "this asks for an end, and does not wait for it",
        "after cancel(), wait until the tasks have ended: gather(*tasks, return_exceptions=True).",
    ),
    "closed-too-late.generators": (
        "left a generator open",
        "a generator that is not asked for more stands at its `yield`, with its answer open, until it is closed",
        "when the tasks have ended, `await stream.aclose()` for each generator.",
    ),
    "raised-on-leaving": (
        "leaving early raised an error",
        "leaving raises GeneratorExit at the `yield`; this wraps it in a group, or does not let it pass",
        "let GeneratorExit pass as it is; a task group can run in a task of its own, with no `yield` inside.",
    ),
    "raised-on-leaving.cancelled": (
        "leaving early raised an error",
        "awaiting a task that was cancelled raises its CancelledError here too",
        "wait with gather(*tasks, return_exceptions=True), which raises nothing.",
    ),
    "raised-on-leaving.ignored": (
        "did not end when left",
        "leaving raises GeneratorExit at the `yield`; this catches it, and the generator goes on",
        "clean up in a `finally`, and let GeneratorExit pass.",
    ),
    "awaited-a-value": (
        "awaited client.stream()",
        "this is not for `await` but for `async with`, which closes the answer at its end",
        "write `async with client.stream(...) as response:`.",
    ),
    "kept-the-newline": ("kept the newline", "", "the newline ends the token; `aiter_lines` leaves it out."),
    "error-late": (
        "raised an error late",
        "the error is looked at here, after everything else has ended",
        "let the task that fails tell it at once: put its exception into the queue, as it puts tokens.",
    ),
    "closed-the-client": ("closed the caller's client", "", "close the answers; the caller may use the client again."),
    "error-ignored": (
        "took an error for an answer",
        "an error is read like an answer",
        "`response.raise_for_status()` comes before the tokens.",
    ),
    "lost-error": (
        "lost an error",
        "",
        "let whoever reads an answer pass on its exception too, as it does the tokens.",
    ),
}


def say(code, seen, line=None):
    title, mark, hint = SAYS[code]
    fail(code.partition(".")[0], title, seen, line=line, mark=mark if line else "", hint=hint)


# -- what the models say -------------------------------------------------------------------------------------


def words(number):
    return ["".join(random.choices(LETTERS, k=random.randint(2, 7))) for _ in range(number)]


def lines(every, number):
    """Return what a model sends: [(delays to wait, bytes), ...], here a token on a line each time."""
    return [(every, f"{word}\n".encode()) for word in words(number)]


def pieces(every, number):
    """Return the same cut by the network: within lines and characters, and several lines at once."""
    whole = [f"{word}é\n".encode() for word in words(number)]
    text, cut = b"".join(whole), len(b"".join(whole[:-3]))  # the last three lines come together
    inside = [place for place in range(1, cut) if text[place] & 0xC0 == 0x80]
    cuts = {0, len(text), *random.sample(inside, number // 2), *random.sample(range(1, cut), number // 2)}
    return [(every, text[start:end]) for start, end in itertools.pairwise(sorted(cuts))]


def arrivals(talk):
    """Return [(delays from the start, token), ...]: a token has arrived when its line is complete."""
    now, rest, found = 0, b"", []
    for wait, part in talk:
        now += wait
        *complete, rest = (rest + part).split(b"\n")
        found += [(now, line.decode()) for line in complete]
    return found


class Models:
    """A server of language models. talks: provider -> what it sends; fails: provider -> (delays, status or error)."""

    def __init__(self, submission, talks, fails=(), host="llm.test"):
        self.delay, self.host, self.url = submission.delay, host, f"https://{host}"
        self.talks, self.fails = talks, dict(fails)
        self.prompts = {provider: f"Tell me about {word}." for provider, word in zip([*talks, *self.fails], words(9))}
        self.asked, self.wrong, self.unheard = [], [], []
        self.open, self.most_open, self.reader = [], 0, None

    def join(self, world):
        world.router.post(host=self.host, path__regex=r"^/[^/]+/generate$").mock(side_effect=self._answer)
        return self

    def note(self, provider, body):
        self.asked.append(provider)
        with contextlib.suppress(ValueError):
            body = json.loads(body)
        if body != {"prompt": self.prompts.get(provider)}:
            self.wrong.append((provider, body))

    async def parts(self, provider):
        self.open.append(provider)
        self.most_open = max(self.most_open, len(self.open))
        try:
            for wait, part in self.talks.get(provider, []):
                await asyncio.sleep(wait * self.delay)
                yield part
            if provider in self.fails:
                await asyncio.sleep(self.fails[provider][0] * self.delay)
                raise httpx.ReadError("the connection broke")
        finally:
            self.open.remove(provider)

    async def _answer(self, request):
        provider = request.url.path.split("/")[1]
        self.note(provider, request.content)
        wait, status = self.fails.get(provider, (0, 200 if provider in self.talks else 404))
        if status in (200, "breaks"):
            headers = {"content-type": "text/plain; charset=utf-8"}
            return httpx.Response(200, headers=headers, content=self.parts(provider))
        await asyncio.sleep(wait * self.delay)
        return httpx.Response(status, text="the model is out of order\n")


# -- who listens ---------------------------------------------------------------------------------------------


class Reader:
    """Reads until `enough` tokens have come, and pauses after each of them."""

    def __init__(self, submission, models, enough=1000, pause=0):
        self.submission, self.models, self.enough, self.pause = submission, models, enough, pause
        self.heard, self.left, self.open, self.client_closed = [], None, 0, False
        self.loop, models.reader = asyncio.get_running_loop(), self
        self.began = self.loop.time()

    def now(self):
        return (self.loop.time() - self.began) / self.models.delay

    async def hears(self, item):
        self.heard.append((self.now(), item))
        await asyncio.sleep(self.pause * self.models.delay)
        return len(self.heard) < self.enough

    def leaves(self, answers_open, client_closed):
        self.left, self.open, self.client_closed = self.now(), answers_open, client_closed

    def asked(self, provider):
        """Return the line that asked *provider*."""
        return next((call.line for call in self.submission.calls if f"/{provider}/" in call.name), None)

    async def read(self):
        """Read; whatever is wrong with the stream as such is said here."""
        ears = SimpleNamespace(hears=self.hears, leaves=self.leaves)
        try:
            kind = await self.submission.inside.stream_llms(self.models.prompts, self.models.url, ears)
        except SubmissionError as raised:
            explain(self.submission, raised.error)
            raise
        except CheckFailed as failed:
            if isinstance(failed.failure, Deadlocked) and len(self.heard) >= self.enough:
                say_it_goes_on(self.submission)
            raise
        finally:
            if self.client_closed:
                line = self.submission.line(r"with client(\s+as\b.*)?:|client\.(aclose|__aexit__)\(")
                say("closed-the-client", "the client was closed when the stream had ended.", line)
        if kind is not None and "raised" in kind:
            groups = self.submission.line(r"TaskGroup\(|create_task_group\(|except\s*:|BaseException|GeneratorExit")
            say("raised-on-leaving", f"the reader left a {kind}.", groups)
        if kind is not None:
            code = "no-aclose" if "aclose" in kind else "not-a-stream"
            say(code, f"stream_llms() returned a {kind}.", self.submission.definition("stream_llms"))
        for provider, body in self.models.wrong:
            due = shorten({"prompt": self.models.prompts.get(provider)})
            say("wrong-prompt", f"{provider} was sent {shorten(body)}; the JSON {due} was due.", self.asked(provider))
        expect_equal(sorted(self.models.asked), sorted(self.models.prompts), "the providers asked")
        return self


def shorten(value):
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def say_it_goes_on(submission):
    line = submission.line(r"except\s*:|BaseException|GeneratorExit") or submission.line(r"\byield\b")
    say("raised-on-leaving.ignored", "the reader left, and the generator did not end.", line)


def explain(submission, error):
    """Name the cause of an exception, if it is one that only this exercise knows."""
    message = f"{error.name}: {error.message}"
    inner = re.search(r"async def (?!stream_llms)\w+\((?:(?!\bdef ).)*?\byield\b", submission.source, re.DOTALL)
    if error.is_a("CancelledError") and not error.leaves:
        waits = error.frames[0].line if error.frames else None
        say("raised-on-leaving.cancelled", "the reader left, and aclose() raised CancelledError.", waits)
    if "ignored GeneratorExit" in error.message:
        say_it_goes_on(submission)
    if "_AsyncGeneratorContextManager" in error.message:
        say("awaited-a-value", f"{message}.", error.line)
    if error.is_a("UnicodeDecodeError"):
        say("broken-tokens", f"a part ended inside a character: {error.message}.", error.line)
    if "async_generator" in error.message or ("awaitable is required" in error.message and inner):
        say("awaited-a-stream", f"{message}.", error.line)


# -- what is expected ----------------------------------------------------------------------------------------


def expect_tokens(reader, until=1000, *, at_once=True):
    """Expect every token that arrived before *until*; *at_once*: each as soon as it had arrived."""
    due = {name: [(t, word) for t, word in arrivals(talk) if t < until] for name, talk in reader.models.talks.items()}
    heard = {name: [] for name in due}
    for time, item in reader.heard:
        if not isinstance(item, tuple | list) or len(item) != 2 or item[0] not in heard:
            say("wrong-items", f"one item was {shorten(item)}.", reader.submission.line(r"\byield\b"))
        heard[item[0]].append((time, item[1]))
    for name, arrived in due.items():
        expect_words(reader, name, [word for _, word in heard[name]], [word for _, word in arrived])
    for name in reader.models.unheard:
        say("whole-answer", f"of {name}, no token was handed on while the answer went on.", reader.asked(name))
    if at_once and reader.models.most_open > 1:  # one after another is a matter of time, which `takes` will tell
        expect_no_waiting(reader, heard, due)


def ascii_of(tokens):
    return re.sub(r"[^!-~]", "", "".join(map(str, tokens)))


def expect_words(reader, name, seen, due):
    by_hand = reader.submission.line(r"\baiter_(bytes|text|raw)\b|\.decode\(")
    if len(seen) < len(due) and seen == due[: len(seen)] and not by_hand:
        ended = f"of {name}, {len(seen)} of {len(due)} tokens came; then the stream ended."
        say("stopped-early", ended, reader.submission.line(r"\byield\b"))
    if seen != due and [str(word).strip() for word in seen] == due:
        wrong = next(word for word, right in zip(seen, due) if word != right)
        say("kept-the-newline", f"a token of {name} was {wrong!r}.", reader.submission.line(r"\byield\b"))
    if seen != due and (ascii_of(seen) == ascii_of(due) or (by_hand and len(seen) < len(due))):
        wrong = next((word for word, right in zip(seen, due) if word != right), "")
        such = f", such as {shorten(wrong)}" if wrong else ""
        text = f"of {name}, {len(seen)} tokens came{such}; {len(due)} lines had been sent."
        say("broken-tokens", text, by_hand or reader.asked(name))
    expect_equal(seen, due, f"the tokens of {name}")


def expect_no_waiting(reader, heard, due):
    pairs = [(*arrived, *came[:1], name) for name in due for arrived, came in zip(due[name], heard[name])]
    late = min((pair for pair in pairs if pair[2] > pair[0] + LATE), default=None)
    if late is None:
        return
    arrived, word, came, name = late
    seen = f"{name}'s token {shorten(word)} had arrived after {delays(arrived)}, and was handed on after {came:g}"
    ends = {name: talk[-1][0] for name, talk in due.items()}
    if all(came > ends[name] - LATE for _, _, came, name in pairs):
        if len({came for _, _, came, _ in pairs}) == 1 and len(set(ends.values())) > 1:
            say("collected-first", f"{seen}, with all the others.", reader.submission.line(r"\byield\b"))
        say("whole-answer", f"{seen}, when {name} had ended.", reader.asked(name))
    line = reader.submission.line
    waits = line(r"\bgather\(|ALL_COMPLETED|\bzip\(") or line(r"\bwait\(") or line(r"\banext\(|\byield\b")
    say("held-back", f"{seen}.", waits)


async def expect_closed(reader, at, when):
    """Expect that the stream and all answers were closed at once when *when* happened, *at* delays after the start."""
    models, starts = reader.models, reader.submission.line(STARTS)
    if reader.left is not None and reader.left > at + LATE and models.fails:
        line = reader.submission.line(r"await (asyncio\.)?gather\(|\.(result|exception)\(\)") or starts
        say("error-late", f"{when} after {delays(at)}; the reader heard of it after {delays(reader.left)}.", line)
    if reader.left is not None and reader.left > at + LATE:
        say(
            "closed-late", f"{when} after {delays(at)}, but the stream closed only after {delays(reader.left)}.", starts
        )
    open_at_once = reader.open or len(models.open)
    if not open_at_once:
        return
    await asyncio.sleep(models.delay * LATE)
    if models.open:
        say("left-streaming", f"{when}, and {len(models.open)} of the answers went on all the same.", starts)
    seen = f"{when}; the stream ended with {count(open_at_once, 'answer')} not closed yet."
    line = reader.submission.line
    if line(r"\banext\(|__anext__") and not line(r"\.aclose\("):
        say("closed-too-late.generators", seen, line(r"\banext\(|__anext__"))
    say("closed-too-late", seen, line(r"\.cancel\(") or starts)


async def say_where_the_error_went(reader, why):
    if any("out of order" in str(item) for _, item in reader.heard):
        say("error-ignored", f"{why}, and the text of its error came as a token.", reader.asked("b"))
    await reader.submission.leaves_nothing_behind()
    line = reader.submission.line(r"return_exceptions=True|suppress\(|^\s*except\b") or reader.submission.line(STARTS)
    say("lost-error", f"{why}, and the stream ended as if all were well.", line)


# -- the checks ----------------------------------------------------------------------------------------------


@pytest.mark.check(points=3)
async def test_as_they_arrive(submission, world):
    """Eleven tokens of three models take four delays, each as it arrives."""
    models = Models(submission, {"a": lines(1, 3), "b": lines(2, 2), "c": lines(0.5, 6)}).join(world)
    with submission.takes(4, at_most=4 + LATE, serial=10):
        expect_tokens(await Reader(submission, models).read())


async def test_any_models(submission, world):
    """One model, five, or none: each is asked once."""
    for names in (["solo"], [], ["mistral", "a", "model-7", "qwen", "z"]):
        talks = {name: lines(random.choice([0.25, 0.75, 1.25]), random.randint(2, 5)) for name in names}
        expect_tokens(await Reader(submission, Models(submission, talks).join(world)).read())


async def test_cut_anywhere(submission, world):
    """Parts may end within a line or a character."""
    models = Models(submission, {"left": pieces(0.5, 8), "right": pieces(0.75, 8)}).join(world)
    expect_tokens(await Reader(submission, models).read())


def three_long_talks(submission):
    return Models(submission, {"a": lines(1, 3), "b": lines(2, 9), "c": lines(0.75, 9)})


@pytest.mark.check(points=2)
@pytest.mark.parametrize("pause", [0, 1.4])
async def test_leaving_early(submission, world, pause):
    """A reader who leaves closes all answers."""
    reader = Reader(submission, three_long_talks(submission).join(world), enough=2, pause=pause)
    await reader.read()
    await expect_closed(reader, reader.heard[-1][0] + pause, "the reader left after two tokens")
    await submission.leaves_nothing_behind()


async def test_cancelled(submission, world):
    """A reader who is cancelled closes all answers."""
    reader = Reader(submission, three_long_talks(submission).join(world))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1.25 * submission.delay):
            await reader.read()
    await expect_closed(reader, 1.25, "the reader was cancelled")
    await submission.leaves_nothing_behind()


@pytest.mark.parametrize("error", ["HTTPStatusError", "ReadError"])
async def test_errors(submission, world, error):
    """An error is raised at once, and closes the others."""
    talks, status = {"a": lines(0.5, 9), "c": lines(1, 9)}, random.choice([401, 429, 500])
    if error == "ReadError":
        talks["b"], status = lines(0.75, 2), "breaks"
    models = Models(submission, talks, {"b": (0.25 if "b" in talks else 1.75, status)})
    reader, why = Reader(submission, models.join(world)), f"b {'broke off' if 'b' in talks else f'answered {status}'}"
    try:
        with submission.raises(error, because=why):
            await reader.read()
    except CheckFailed as failed:
        if isinstance(failed.failure, NotRaised):
            await say_where_the_error_went(reader, why)
        raise
    await expect_closed(reader, 1.75, why)
    expect_tokens(reader, until=1.75)


async def test_again(submission, world):
    """A second asyncio.run() works as the first, and two streams at once keep apart."""
    expect_tokens(await Reader(submission, three_long_talks(submission).join(world)).read())
    await submission.new_loop()
    first, second = {"a": lines(1, 3), "b": lines(0.75, 3)}, {"a": lines(0.5, 3), "c": lines(0.75, 3)}
    models = [Models(submission, first), Models(submission, second, host="other.test")]
    readers = [Reader(submission, each.join(world)) for each in models]
    await asyncio.gather(*(reader.read() for reader in readers))
    for reader in readers:
        expect_tokens(reader)


# -- for real ------------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def served(models):
    """Serve *models* on this machine; give the address."""
    import uvicorn

    class Server(uvicorn.Server):
        def capture_signals(self):  # Ctrl-C stays pytest's
            return contextlib.nullcontext()

    async def say(provider, send):
        left = len(models.talks[provider])
        async with contextlib.aclosing(models.parts(provider)) as parts:
            async for part in parts:
                left -= 1
                if not left:
                    await heard(provider)
                await send({"type": "http.response.body", "body": part, "more_body": left > 0})

    async def heard(provider):  # what is read to its end before anything of it is handed on waits here
        for _ in range(200):
            if any(isinstance(item, tuple | list) and provider in item for _, item in models.reader.heard):
                return
            await asyncio.sleep(0.01)
        models.unheard.append(provider)

    async def app(scope, receive, send):
        provider, body, more = scope["path"].split("/")[1], b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message.get("more_body", False)
        models.note(provider, body)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        tasks = [asyncio.create_task(say(provider, send)), asyncio.create_task(receive())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)  # all is said, or the listener is gone
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    with socket.create_server(("127.0.0.1", 0)) as door:
        server = Server(uvicorn.Config(app, lifespan="off", log_level="critical"))
        serving = asyncio.create_task(server.serve([door]))
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


@pytest.mark.check(clock="real", network=True)
@pytest.mark.skipif(find_spec("uvicorn") is None, reason="pip install -e '.[exercises]'")
async def test_for_real(submission):
    """And so for real, over HTTP from a server."""
    models = Models(submission, {f"model-{number}": lines(0.5, 3) for number in range(5)})
    async with served(models) as models.url:
        reader = await Reader(submission, models, enough=1).read()
        for _ in range(50):
            if models.open:
                await asyncio.sleep(models.delay * LATE)
        await expect_closed(reader, reader.left, "the reader left after one token")
        models.asked.clear()
        models.delay *= 2  # to connect takes its time, which counts too
        with submission.takes(1.5, at_most=3, serial=7.5, delay=models.delay):
            expect_tokens(await Reader(submission, models).read(), at_once=False)
