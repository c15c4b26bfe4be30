"""What the grader checks in 34 fetch_then_process."""

import asyncio
import hashlib
import json
import random
import re

import pytest

from grader.evidence import CheckFailed, Deadlocked
from grader.expect import expect_equal
from grader.judge.submission import SubmissionError
from grader.timeline import peak

FUNCTIONS = {"fetch_and_process": "async"}
WORKERS, PROCESSING = 2, 2  # delays

THREADS = r"to_thread|run_in_executor\(\s*None|ThreadPoolExecutor\(|Thread\(|run_sync"
POOLS = r"ProcessPoolExecutor\(|Pool\("
STARTS = r"gather\(|create_task\(|ensure_future\(|as_completed\(|start_soon\(|\bwait\("


def shuffled(most):
    """Return the delays 1 to *most* in random order, beginning with a late one, which is not the last."""
    head = random.choice([most - 2, most - 1])
    return [head, *random.sample([number for number in range(1, most + 1) if number != head], most - 1)]


class Pages:
    """Pages with fresh bodies and results, and when each was downloaded and processed, on the judge's clock.

    slow: delays of each download. processing: delays of each computation. broken: what raises, `fetch` or `process`,
    for the page with the shortest download.
    """

    def __init__(self, submission, slow, processing=PROCESSING, broken=""):
        self.submission, self.processing, self.broken = submission, processing, broken
        self.urls = [f"https://pages.test/{number}" for number in random.sample(range(100, 1000), len(slow))]
        self.slow = dict(zip(self.urls, slow))
        self.bodies = {random.randbytes(12): url for url in self.urls}
        self.results = dict(zip(self.urls, [0, *random.sample(range(10**6), len(slow))]))  # one of them is false
        self.victim = min(self.urls, key=self.slow.get, default=None)
        self.asked, self.downloads, self.processed, self.running = [], {}, {}, 0

    def now(self):
        return asyncio.get_running_loop().time() / self.submission.delay

    async def fetch(self, url):
        self.asked.append(url)
        self.running += 1
        try:
            await asyncio.sleep(self.slow[url] * self.submission.delay)
        finally:
            self.running -= 1
        self.downloads[url] = self.now()
        if url == self.victim and self.broken == "fetch":
            raise ConnectionError("the server is gone")
        return next(body for body, known in self.bodies.items() if known == url)

    def process(self, body):
        return self._compute(body)

    async def _compute(self, body):
        if not isinstance(body, bytes):
            raise TypeError(f"process() takes the bytes of one page, not {str(body)[:60]}")
        url = self.bodies[body]
        self.processed.setdefault(url, []).append(self.now())
        await asyncio.sleep(self.processing * self.submission.delay)
        if url == self.victim and self.broken == "process":
            raise ValueError("this page makes no sense")
        return self.results[url]

    async def run(self):
        """Call the learner's function, and return its results if each page was processed once, and in the pool."""
        try:
            results = await self.submission.inside.fetch_and_process(self.urls, self.fetch, self.process)
        except SubmissionError as raised:  # what is known may explain it
            self.seen = await self.submission.inside.seen()
            expect_picklable(self.submission, raised.error, self.line("submitted"))
            self.expect_in_the_pool()
            self.expect_open()
            raise
        self.seen = await self.submission.inside.seen()
        self.expect_in_the_pool()
        self._expect_each_once()
        return results

    def expect_results(self, results):
        expect_equal(results, [self.results[url] for url in self.urls], "the results")
        expect_equal(sorted(self.asked), sorted(self.urls), "the downloads")

    # -- where the work was done ---------------------------------------------------------------------------

    def line(self, kind):
        """Return the first of the learner's lines that `inside.py` noted of a *kind*."""
        number = next((number for number in self.seen[kind] if number), None)
        top = self.submission.definition("fetch_and_process")
        return top._replace(number=number) if number and top else None

    def operations(self, name):
        return [call for call in self.submission.calls if call.name == name]

    def expect_in_the_pool(self):
        places = self.seen["places"]
        line = next((call.line for call in self.operations("process") if call.line), None)
        expect_place(self.submission, [place for place in places if place != "pool"], len(places), line)

    def expect_open(self):
        if not self.seen["usable"]:
            seen = "when fetch_and_process() had ended, the pool took no more jobs."
            self.submission.fail("pool-shut-down", seen, self.line("shut_down"))

    def _expect_each_once(self):
        again = [place for place, url in enumerate(self.asked) if url in self.asked[:place]]
        if again:
            seen = f"{len(self.urls)} URLs were fetched {len(self.asked)} times."
            self.submission.fail("downloaded-twice", seen, self.operations("fetch")[again[0]].line)
        twice = [url for url, starts in self.processed.items() if len(starts) > 1]
        if twice:
            seen = f"{len(twice)} of {len(self.urls)} pages went through process() more than once."
            self.submission.fail("processed-twice", seen, self.line("submitted"))

    # -- when it was done ----------------------------------------------------------------------------------

    def explain_slowness(self):
        """Name what kept a worker idle, where the order of events shows it."""
        begun = {url: starts[0] for url, starts in self.processed.items()}
        if len(begun) < len(self.urls):
            return
        first, jobs, line = min(begun.values()), self.operations("process"), self.line("submitted")
        if first >= max(self.downloads.values()):
            seen = f"the first page was there at delay {min(self.downloads.values()):g}, and processed from delay "
            seen += f"{first:g} on, when the last download had ended. Until then the pool was idle."
            self.submission.fail("downloaded-first", seen, line)
        if peak(jobs, max(call.end for call in jobs)) == 1:
            seen = f"{len(jobs)} pages were processed one after another, though the pool has {WORKERS} workers."
            self.submission.fail("one-worker-idle", seen, line)
        for url, ended in sorted(self.downloads.items(), key=lambda item: item[1] - begun[item[0]]):
            if begun[url] - ended > 0.5 and sum(0 <= ended - start < self.processing for start in begun.values()) < 2:
                seen = f"page {self.urls.index(url) + 1} of {len(begun)} was there at delay {ended:g}, and processed "
                self.submission.fail(
                    "page-kept-waiting", f"{seen}from delay {begun[url]:g} on, though a worker was free.", line
                )

    def expect_cancelled(self, failed_at, happened):
        """Expect that the downloads under way when a page failed, so many delays after the start, were cancelled."""
        if self.running or self.seen["tasks"]:
            left = f"{self.running} downloads" if self.running else f"{self.seen['tasks']} tasks"
            seen = f"{happened}; when the error had reached the caller, {left} still ran."
            self.submission.fail("leaked-task", seen, self.submission.line(STARTS))
        late = [url for url in self.downloads if self.slow[url] > failed_at + 1]
        if late:
            line = self.submission.line(r"return_exceptions|\bwait\(") or self.line("submitted")
            seen = f"{happened}; {len(late)} downloads that should have taken longer went on to their end."
            self.submission.fail("waited-after-an-error", seen, line or self.submission.line(STARTS))


def expect_place(submission, wrong, of, line=None):
    """Expect that process() ran in no other places than the pool; *wrong*: those places, *of*: so many runs."""
    if wrong:
        ran = f"process() ran {len(wrong)} of {of} times in" if of > 1 else "process() ran in"
        if wrong[0] == "loop":
            seen = f"{ran} the event loop's own thread; all downloads stand still meanwhile."
            submission.fail("computed-on-the-loop", seen, line)
        if wrong[0] == "thread":
            seen = f"{ran} a thread of this process. It holds the interpreter, so the loop stops as well."
            submission.fail("computed-in-a-thread", seen, submission.line(THREADS) or line)
        submission.fail(
            "another-pool", f"{ran} another pool than the one it was given.", submission.line(POOLS) or line
        )


def expect_picklable(submission, error, line):
    """Explain an exception of pickle's about what cannot travel to a worker."""
    line = line or error.line
    while error.leaves:
        error = error.leaves[0]
    seen = f"{error.name}: {error.message}"
    if re.search(r"cannot pickle '\S*(Task|Future)' object", error.message):
        submission.fail("never-awaited", seen, line)
    if re.search(r"pickle.*(local object|<function|<lambda>|<locals>)|Can't get local object", error.message):
        submission.fail("not-importable", seen, line)


async def test_order(submission):
    """Each result is in its place, each page is processed once."""
    pages = Pages(submission, [4, 1, 3, 2])
    pages.expect_results(await pages.run())
    pages.expect_open()


@pytest.mark.check(picture=False)
async def test_few_and_again(submission):
    """No URL, one URL, and a second asyncio.run()."""
    for slow in ([], [2], [1] * 6, [1] * 6):
        pages = Pages(submission, slow)
        pages.expect_results(await pages.run())
        await submission.new_loop()


@pytest.mark.check(picture=False)
async def test_downloads(submission):
    """All downloads run at once."""
    pages = Pages(submission, shuffled(8), processing=0)
    with submission.takes(8, at_most=8.5, serial=36):
        pages.expect_results(await pages.run())


@pytest.mark.check(points=3, picture=False)
async def test_overlap(submission):
    """Eight pages, downloaded and processed, take ten delays."""
    pages = Pages(submission, shuffled(8))
    with submission.takes(10, at_most=10.5, serial=52):
        start = pages.now()
        results = await pages.run()
        if pages.now() - start > 10.5:
            pages.explain_slowness()
        pages.expect_results(results)


@pytest.mark.check(picture=False)
async def test_loop_is_awake(submission):
    """The event loop is never held."""
    pages = Pages(submission, shuffled(6))
    with submission.takes(8, at_most=50, serial=33):
        pages.expect_results(await pages.run())


@pytest.mark.check(picture=False)
@pytest.mark.parametrize("what", ["fetch", "process"])
async def test_errors(submission, what):
    """An error is raised at once, and the others cancelled."""
    pages = Pages(submission, shuffled(7), broken=what)
    name, happened, failed_at = {
        "fetch": ("ConnectionError", "a download failed with ConnectionError after 1 delay", 1),
        "process": ("ValueError", "process() raised ValueError for a page after 3 delays", 1 + PROCESSING),
    }[what]
    try:
        with submission.raises(name, because=happened):
            await pages.run()
    except CheckFailed as failed:
        if isinstance(failed.failure, Deadlocked) and failed.failure.waiters:
            first = failed.failure.waiters[0]
            seen = f"{happened}; {first.who} has not heard of it, and waits for ever."
            submission.fail("deadlocked", seen, first.line)
        raise
    await asyncio.sleep(0)
    pages.expect_cancelled(failed_at, happened)
    pages.expect_open()
    await asyncio.sleep(2 * PROCESSING * submission.delay)  # what already ran in a worker ends
    await submission.leaves_nothing_behind()


class RealPages:
    """Pages that are processed in real processes, which write down who they are.

    The slowest download, the first one, waits until a page is processed, or for long: nothing depends on speed.
    """

    def __init__(self, submission, log):
        self.delay, self.log = submission.delay / 4, log
        self.slow = {f"https://pages.test/{slow}": slow for slow in [4, *random.sample([1, 2, 3], 3)]}
        self.bodies = {url: random.randbytes(12) for url in self.slow}
        self.overlapped = False

    async def fetch(self, url):
        await asyncio.sleep(self.slow[url] * self.delay)
        for _ in range(200 if self.slow[url] == 4 else 0):
            self.overlapped = bool(self.notes())
            if not self.overlapped:
                await asyncio.sleep(0.01)
        return self.bodies[url]

    def notes(self):
        return [json.loads(line) for line in self.log.read_text("ascii").splitlines() if line.endswith("}")]


async def for_real(submission, tmp_path):
    log = tmp_path / f"{random.randrange(10**9)}.log"
    log.touch()
    pages, error = RealPages(submission, log), None
    expected = [hashlib.sha256(body).hexdigest() for body in pages.bodies.values()]
    parent = await submission.inside.open_pool(str(log))
    with submission.takes(6, at_most=80, serial=18, delay=pages.delay):
        try:
            results = await submission.inside.fetch_and_process(list(pages.slow), pages.fetch)
        except SubmissionError as raised:
            error = raised.error
            if not error.is_a("LookupError"):
                raise
            results = f"a {error.name}"
    notes = pages.notes()
    wrong = ["loop" if note["where"] == "loop" else "thread" for note in notes if note["pid"] == parent]
    if results == expected and not wrong:
        wrong = ["another pool"] * (len(expected) - len(notes))  # whose workers write nothing down
    expect_place(submission, wrong, len(expected))
    if results != expected and {note["body"] for note in notes} == {body.hex() for body in pages.bodies.values()}:
        seen = f"with real processes every page was processed; what came of it: {str(results)[:60]}."
        submission.fail("memory-not-shared", seen, error and error.line)
    expect_equal(results, expected, "the results")
    if not pages.overlapped:
        seen = "with real processes, nothing was processed while the slowest download was under way."
        submission.fail("downloaded-first", seen, submission.line(r"\bpool\b.*\bprocess\b|\.submit\(|\.map\("))


@pytest.mark.check(clock="real", processes="spawn")
async def test_for_real(submission, tmp_path):
    """And so on the real clock, with real processes."""
    await for_real(submission, tmp_path)


@pytest.mark.check(clock="real", confirms=True, processes="forkserver")
async def test_forkserver(submission, tmp_path):
    """And so with processes that are started in another way."""
    await for_real(submission, tmp_path)
