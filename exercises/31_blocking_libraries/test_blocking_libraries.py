"""What the grader checks in 31 blocking_libraries."""

import asyncio
import contextlib
import random
import re
from collections import Counter

import pytest

from grader.expect import expect_equal, fail

FUNCTIONS = {"fetch_all_threads": "plain", "fetch_all_async": "async", "REQUEST_ID": "value"}
SHARED = 4  # threads of the pool that all calls of to_thread share
UNEVEN = [4, 1, 1, 1, 1, 1, 4, 1, 1, 1, 1, 1]  # delays
BOTH = ["fetch_all_threads", "fetch_all_async"]


class Library:
    """What blocking_fetch asks. Each item has a result of its own, and takes a delay or as many as `slow` says."""

    def __init__(self, submission, delays, results=None):
        self.submission, self.error = submission, None
        self.items = [f"{name:05}" for name in random.sample(range(100_000), len(delays))]
        self.delays = dict(zip(self.items, delays))
        self.results = dict(zip(self.items, results or random.sample(range(10_000), len(delays))))
        self.running = self.most = 0

    @property
    def fetch(self):
        """A blocking function: it holds the thread that calls it."""

        async def answer(item):
            self.running += 1
            self.most = max(self.most, self.running)
            try:
                await asyncio.sleep(self.delays[item] * self.submission.delay)
            finally:
                self.running -= 1
            if self.error is not None and item == self.items[self.error[0]]:
                raise self.error[1]
            return self.results[item]

        def blocking_fetch(item):
            return answer(item)

        return blocking_fetch

    @contextlib.contextmanager
    def explained(self):
        """Say what an exception of Python's own comes from."""
        try:
            yield
        except Exception as error:
            if re.search("object is not callable", str(error)) and self.submission.calls:
                fail(
                    "called-too-early",
                    "called it instead of passing it on",
                    "blocking_fetch was called here, and its result was given to the thread to be called.",
                    line=self.submission.calls[0].line,
                    mark="the parentheses call it now, in this thread; the other thread gets what it returned",
                    hint="pass the function, and its argument after it.",
                )
            if re.search("cannot enter context.*already entered", str(error)):
                fail(
                    "one-context-for-all",
                    "one context for all threads",
                    "RuntimeError: a context can be entered by one thread at a time, and several tried.",
                    line=in_function(self.submission, "fetch_all_async", r"copy_context\(\)"),
                    mark="this one copy is shared by all the calls",
                    hint="make a copy of the context for each call.",
                )
            if "pickle" in str(error) and hasattr(error, "error"):
                fail(
                    "sent-to-a-process",
                    "used processes",
                    "blocking_fetch could not be sent to another process, as most of a program's objects cannot.",
                    line=error.error.line,
                    hint="a thread can use everything that the program has; use threads.",
                )
            raise

    async def fetched_by(self, function, **limit):
        """Call one of the two functions; return its results."""
        with self.explained():
            return await getattr(self.submission, function)(self.items, self.fetch, **limit)

    async def expect_fetched_by(self, function, **limit):
        self.expect_results(await self.fetched_by(function, **limit))

    def expect_results(self, results):
        if isinstance(results, list) and len(results) != len(self.items):
            seen = f"{len(results)} results for {len(self.items)} items."
            hint = "each item has one result, which may be anything, None and 0 too."
            fail("results-missing", "not one result for each item", seen, hint=hint)
        expect_equal(results, [self.results[item] for item in self.items], "the results")


def in_function(submission, name, pattern):
    """Return the first line of the function *name* with *pattern*, to point at, or None."""
    begin = submission.definition(name)
    lines = submission.source.splitlines()[begin.number :] if begin else []
    for number, text in enumerate(lines, begin.number + 1 if begin else 0):
        if re.match(r"(async def|def|class)\b", text):
            break
        if re.search(pattern, text.partition("#")[0]):
            return begin._replace(number=number)
    return submission.line(pattern)


async def noted(submission, function, library, **limit):
    """Call one of the two functions from `inside.py`; return its results and what the library noted there."""
    call = getattr(submission.inside, f"{function}_noted")
    with library.explained():
        return await call(library.items, library.fetch, limit)


def expect_at_once(submission, function, library, calls, workers):
    """Expect that as many calls ran at once as there should."""
    most, expected = library.most, min(workers, len(library.items))
    called = f"{function} with workers={workers} and {len(library.items)} items"
    line = in_function(submission, function, r"(Pool|Executor|Semaphore|Limiter|Thread)\(")
    decided = {"line": line, "mark": "how many threads there are is decided here" if line else ""}
    if most > expected:
        hint = "a pool takes the number of its threads as its first argument."
        seen = f"{called}: {most} calls at once; {workers} were allowed."
        fail("too-many-at-once", "more threads than allowed", seen, hint=hint, **decided)
    if most == 1 < expected and function == "fetch_all_threads":
        one_after_another(submission, f"{called}: at most 1 call at once; the others waited.", calls)
    if 1 < most < expected and all(name.startswith("asyncio_") for _, name, _ in calls):
        shared_pool(submission, function, f"{called}: at most {most} calls at once", most)
    if 1 < most < expected:
        hint = "the number of threads is `workers`, no more and no less."
        seen = f"{called}: at most {most} calls at once; expected {expected}."
        fail("too-few-at-once", "fewer threads than asked for", seen, hint=hint, **decided)


def one_after_another(submission, seen, calls):
    begin = submission.definition("fetch_all_threads")
    where = Counter(line for *_, line in calls).most_common(1)[0][0]
    fail(
        "ran-sequentially",
        "ran one after another",
        seen,
        line=begin._replace(number=where) if begin and where else None,
        mark="this waits for each call to end before the next one starts",
        hint="hand over all the items first, then collect the results.",
        pictured=True,
    )


def shared_pool(submission, function, seen, threads):
    fail(
        "shared-pool",
        "too few threads in the shared pool",
        f"{seen}. They ran in the loop's own pool, which everybody shares: it has {threads} threads here, and "
        "elsewhere four more than the machine has cores, but no more than 32.",
        line=in_function(submission, function, r"to_thread|run_in_executor"),
        mark="this takes the loop's own pool, however small it is",
        hint="bring a pool with as many threads as were asked for.",
        pictured=True,
    )


async def uneven(submission, function, workers, ideal, at_most):
    """Expect that a thread that is done takes the next item, whatever the others do."""
    library = Library(submission, UNEVEN)
    began = asyncio.get_running_loop().time()
    with submission.takes(ideal, at_most=at_most, serial=sum(UNEVEN)):
        results, calls = await noted(submission, function, library, workers=workers)
        expect_at_once(submission, function, library, calls, workers)
        took = (asyncio.get_running_loop().time() - began) / submission.delay
        if took > at_most and library.most == workers > 1:
            seen = f"{function}: {len(UNEVEN)} calls in {workers} threads took {took:g} delays; {ideal} were possible."
            hint = "let a thread that is done take the next item at once, as the threads of a pool do."
            fail("idle-threads", "threads were idle while items waited", seen, hint=hint)
        library.expect_results(results)


@pytest.mark.check(picture=False)
async def test_threads(submission):
    """fetch_all_threads: 20 calls in 10 threads take two delays."""
    library = Library(submission, [1] * 20)
    with submission.takes(2, at_most=3, serial=20):
        results, calls = await noted(submission, "fetch_all_threads", library)
        expect_at_once(submission, "fetch_all_threads", library, calls, 10)
        library.expect_results(results)


@pytest.mark.check(points=3, pool=SHARED)
async def test_async(submission):
    """fetch_all_async: 20 calls in 20 threads take one delay, and the loop is free."""
    library = Library(submission, [1] * 20)
    with submission.takes(1, at_most=2, serial=20):
        results, calls = await noted(submission, "fetch_all_async", library)
        expect_at_once(submission, "fetch_all_async", library, calls, 20)
        library.expect_results(results)


@pytest.mark.check(pool=SHARED, picture=False)
async def test_workers(submission):
    """As many threads as asked for, and none idle while items wait."""
    for function in BOTH:
        await uneven(submission, function, 3, 6, 8)
        await uneven(submission, function, 7, 4, 6)
        await uneven(submission, function, 30, 4, 4)
        await uneven(submission, function, 1, 18, 18)


@pytest.mark.check(points=2, pool=SHARED)
async def test_request(submission):
    """fetch_all_async: the threads see the REQUEST_ID of their caller."""
    requests = [f"request {number}" for number in random.sample(range(1, 1000), 2)]
    library = Library(submission, [1] * 5)
    with library.explained():
        answers = await submission.inside.fetch_all_async_for_two(library.items, library.fetch, requests)
    for request, (results, calls) in zip(requests, answers):
        for seen, *_ in calls:
            if seen != request:
                mark = "a thread begins with a context of its own, not with that of its caller"
                fail(
                    "request-lost",
                    "the threads did not see the request",
                    f"the caller had set REQUEST_ID to {request!r}; in blocking_fetch it was {seen!r}.",
                    line=in_function(submission, "fetch_all_async", r"run_in_executor|\.submit\(|\.map\(|Thread\("),
                    mark="the threads see the request of another caller" if seen in requests else mark,
                    hint="copy the caller's context for each call, and run blocking_fetch in the copy.",
                )
        library.expect_results(results)


@pytest.mark.check(pool=SHARED)
async def test_results(submission):
    """Every result is in its place, whatever it is and whenever it came; no items, no results."""
    results = [None, 0, "", False, [], 7.5, {"a": 1}, b"", True]
    for function in BOTH:
        library = Library(submission, random.sample(range(1, 11), 10), ["text", *random.sample(results, 9)])
        await library.expect_fetched_by(function, workers=4)
        twice = Library(submission, [2, 1])
        twice.items = [*twice.items, twice.items[0]]
        await twice.expect_fetched_by(function, workers=2)
        await Library(submission, []).expect_fetched_by(function)


@pytest.mark.check(pool=SHARED)
async def test_error(submission):
    """What blocking_fetch raises comes out."""
    for function, place in [(function, place) for function in BOTH for place in (0, 4)]:
        library = Library(submission, [2, 1, 2, 1, 2, 1])
        error = random.choice([PermissionError, ValueError, ConnectionError, KeyError])
        library.error = (place, error("the library is closed"))
        with submission.raises(error.__name__, because=f"blocking_fetch raised {error.__name__} for one of 6 items"):
            await library.fetched_by(function, workers=3)


@pytest.mark.check(pool=SHARED)
async def test_again(submission):
    """Both work a second time, also in a new event loop, and leave no thread or task behind."""
    for _ in range(2):
        for function in BOTH:
            await Library(submission, [1, 2, 1, 1]).expect_fetched_by(function, workers=2)
            await submission.new_loop()
    for function in BOTH:
        await Library(submission, [1, 2, 1]).expect_fetched_by(function, workers=2)
    await submission.leaves_nothing_behind()


@pytest.mark.check(clock="real", confirms=True, pool=SHARED)
async def test_for_real(submission):
    """And so on the real clock."""
    for function, delays in (("fetch_all_threads", 2), ("fetch_all_async", 1)):
        with submission.takes(delays, at_most=delays + 1, serial=20):
            await Library(submission, [1] * 20).expect_fetched_by(function)
