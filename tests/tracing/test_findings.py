"""What is named and what is not: small programs, run on the virtual clock, and the findings that they must have.

`fetch` stands for anything that takes a while. To accuse a right program would teach what is wrong, so the right ones are
the longer list.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.tracing.findings import findings
from grader.tracing.launch import Request
from grader.tracing.outcome import run
from grader.tracing.trace import Trace

HEAD = """\
import asyncio, random, time

async def fetch(url, *more):
    await asyncio.sleep(1)
    return f"{url}!"

URLS = ["a", "b", "c", "d"]
"""

ONE_AFTER_ANOTHER = {
    "a loop over urls": """
async def main():
    for url in URLS:
        print(await fetch(url))
""",
    "a loop that collects": """
async def main():
    results = []
    for url in URLS:
        result = await fetch(url)
        results.append(result)
    return results
""",
    "a loop that sums": """
async def main():
    total = 0
    for url in URLS:
        total += len(await fetch(url))
    return total
""",
    "a loop with two steps, of which the second needs the first": """
async def main():
    for url in URLS:
        page = await fetch(url)
        more = await fetch(page)
        print(more)
""",
    "a loop with errors handled": """
async def main():
    for url in URLS:
        try:
            await fetch(url)
        except OSError:
            print("no", url)
""",
    "a list comprehension": """
async def main():
    return [await fetch(url) for url in URLS]
""",
    "a comprehension in a gather": """
async def main():
    try:
        await asyncio.gather(*[await fetch(url) for url in URLS])
    except TypeError:
        pass
""",
    "two calls on lines of their own": """
async def main():
    await fetch("a")
    await fetch("b")
""",
    "two results on lines of their own": """
async def main():
    first = await fetch("a")
    print(first)
    second = await fetch("b")
    return first, second
""",
    "tasks that are awaited at once": """
async def main():
    for url in URLS:
        task = asyncio.create_task(fetch(url))
        await task
""",
    "a task awaited where it is made": """
async def main():
    for url in URLS:
        await asyncio.create_task(fetch(url))
""",
    "a group for each": """
async def main():
    for url in URLS:
        async with asyncio.TaskGroup() as group:
            group.create_task(fetch(url))
""",
    "a semaphore in a loop": """
async def main():
    limit = asyncio.Semaphore(3)
    for url in URLS:
        async with limit:
            await fetch(url)
""",
    "a time limit on each": """
async def main():
    for url in URLS:
        await asyncio.wait_for(fetch(url), 5)
""",
    "a timeout block on each": """
async def main():
    for url in URLS:
        async with asyncio.timeout(5):
            await fetch(url)
""",
    "threads one by one": """
async def main():
    for url in URLS:
        await asyncio.to_thread(time.sleep, 1)
""",
    "beside a ticker": """
async def tick():
    while True:
        await asyncio.sleep(0.5)

async def main():
    ticker = asyncio.create_task(tick())
    for url in URLS:
        await fetch(url)
    ticker.cancel()
""",
    "deep in other coroutines": """
async def load():
    for url in URLS:
        await fetch(url)

async def main():
    await load()
""",
    "a client's method": """
class Client:
    async def get(self, url):
        return await fetch(url)

async def main():
    client = Client()
    for url in URLS:
        await client.get(url)
""",
    "a response that is read in its block": """
class Response:
    async def __aenter__(self):
        await asyncio.sleep(0.1)
        return self
    async def __aexit__(self, *_):
        pass
    async def text(self):
        return await fetch("text")

async def main():
    for url in URLS:
        async with Response() as response:
            print(await response.text())
""",
    "a context manager that fetches": """
from contextlib import asynccontextmanager

@asynccontextmanager
async def opened(url):
    await fetch(url)
    yield url

async def main():
    for url in URLS:
        async with opened(url) as page:
            print(page)
""",
}

RIGHT = {
    "gather": """
async def main():
    await asyncio.gather(*(fetch(url) for url in URLS))
""",
    "a task group": """
async def main():
    async with asyncio.TaskGroup() as group:
        for url in URLS:
            group.create_task(fetch(url))
""",
    "tasks first, awaits then": """
async def main():
    tasks = [asyncio.create_task(fetch(url)) for url in URLS]
    for task in tasks:
        await task
""",
    "as they complete": """
async def main():
    for done in asyncio.as_completed([fetch(url) for url in URLS]):
        await done
""",
    "a pipeline": """
async def parse(page):
    await asyncio.sleep(1)
    return page

async def main():
    page = await fetch("a")
    parsed = await parse(page)
    print(parsed)
""",
    "a pipeline through one function": """
async def main():
    first = await fetch("a")
    second = await fetch(first)
    third = await fetch(second)
""",
    "login before work": """
async def login():
    await asyncio.sleep(1)

async def main():
    await login()
    await fetch("a")
""",
    "pages that name the next": """
async def page(token):
    await asyncio.sleep(1)
    return [token], token + 1

async def main():
    token = 0
    for _ in range(4):
        items, token = await page(token)
""",
    "a chain in a loop": """
async def main():
    value = "a"
    for _ in range(4):
        value = await fetch(value)
""",
    "a walk through links": """
async def main():
    queue = ["a"]
    for url in queue:
        found = await fetch(url)
        if len(queue) < 4:
            queue.append(found)
""",
    "a state in an object": """
class Robot:
    place = 0

async def step(place):
    await asyncio.sleep(1)
    return place + 1

async def main():
    robot = Robot()
    for _ in range(4):
        robot.place = await step(robot.place)
""",
    "retries": """
async def flaky(attempt):
    await asyncio.sleep(1)
    if attempt < 3:
        raise OSError
    return attempt

async def main():
    for attempt in range(5):
        try:
            return await flaky(attempt)
        except OSError:
            await asyncio.sleep(2 ** attempt)
""",
    "mirrors until one answers": """
async def main():
    for url in URLS:
        page = await fetch(url)
        if page == "c!":
            break
""",
    "a rate limit": """
async def main():
    for url in URLS:
        await fetch(url)
        await asyncio.sleep(1)
""",
    "a rate limiter of one's own": """
class Limiter:
    async def __aenter__(self):
        await asyncio.sleep(1)
    async def __aexit__(self, *_):
        pass

async def quick(url):
    return url

async def main():
    limiter = Limiter()
    for url in URLS:
        async with limiter:
            await quick(url)
""",
    "a ticker": """
async def main():
    for _ in range(5):
        await asyncio.sleep(1)
        print("tick")
""",
    "a polling loop": """
async def ready():
    await asyncio.sleep(1)
    return random.random() < 0

async def main():
    tries = 0
    while not await ready():
        tries += 1
        if tries > 4:
            break
""",
    "a consumer": """
async def main():
    queue = asyncio.Queue()
    for url in URLS:
        queue.put_nowait(url)
    while not queue.empty():
        url = await queue.get()
        await fetch(url)
""",
    "a producer": """
async def consume(queue):
    while (item := await queue.get()) is not None:
        pass

async def main():
    queue = asyncio.Queue()
    task = asyncio.create_task(consume(queue))
    for url in URLS:
        await queue.put(await fetch(url))
    await queue.put(None)
    await task
""",
    "workers with a share each": """
async def work(urls):
    for url in urls:
        await fetch(url)

async def main():
    await asyncio.gather(work(URLS[:2]), work(URLS[2:]))
""",
    "a stream of results": """
async def pages():
    for url in URLS:
        yield await fetch(url)

async def main():
    async for page in pages():
        print(page)
""",
    "batches": """
async def main():
    for start in (0, 2):
        await asyncio.gather(*(fetch(url) for url in URLS[start:start + 2]))
""",
    "a lock that lets one through": """
async def safe(lock, url):
    async with lock:
        await fetch(url)

async def main():
    lock = asyncio.Lock()
    await asyncio.gather(*(safe(lock, url) for url in URLS))
""",
    "a conversation": """
async def ask(question):
    await asyncio.sleep(1)
    return question

async def main():
    answer = "hello"
    for _ in range(3):
        answer = await ask(f"{answer}?")
""",
    "steps whose success decides": """
async def main():
    fine = True
    for url in URLS:
        if fine:
            fine = bool(await fetch(url))
""",
    "sends on one connection": """
class Socket:
    async def send(self, text):
        await asyncio.sleep(1)

async def main():
    socket = Socket()
    for url in URLS:
        await socket.send(url)
""",
    "quick ones": """
async def quick(url):
    await asyncio.sleep(0.001)

async def main():
    for url in URLS:
        await quick(url)
    await fetch("a")
""",
}


def traced(program: str, folder: Path) -> Trace:
    (folder / "program.py").write_text(f"{HEAD}{program}\nasyncio.run(main())\n", "utf-8")
    here = Path.cwd()
    os.chdir(folder)
    try:
        return run(Request("program.py", (), virtual=True, limit=30)).trace
    finally:
        os.chdir(here)


def codes(trace: Trace) -> list[str]:
    return [found.code for found in findings(trace)]


def some(programs: dict[str, str], fast: int) -> list[object]:
    """Every few of them in a developer's loop, all of them otherwise: each takes a process."""
    return [
        pytest.param(text, id=name, marks=() if place % (len(programs) // fast) == 0 else pytest.mark.slow)
        for place, (name, text) in enumerate(programs.items())
    ]


@pytest.mark.parametrize("program", some(ONE_AFTER_ANOTHER, 4))
def test_awaits_in_a_row_that_need_not_be_are_named(program: str, tmp_path: Path) -> None:
    assert codes(traced(program, tmp_path)) == ["ran-sequentially"]


@pytest.mark.parametrize("program", some(RIGHT, 5))
def test_what_has_an_order_or_a_pace_is_not_accused(program: str, tmp_path: Path) -> None:
    assert codes(traced(program, tmp_path)) == []


def test_the_finding_says_how_many_how_long_and_where(tmp_path: Path) -> None:
    [found] = findings(traced(ONE_AFTER_ANOTHER["a loop over urls"], tmp_path))
    assert found.seen == "4 calls of fetch() ran one after another: together 4 s, the longest of them 1 s."
    assert found.line is not None
    assert traced_text(tmp_path, found.line.number) == "        print(await fetch(url))"


def traced_text(folder: Path, number: int) -> str:
    return (folder / "program.py").read_text("utf-8").splitlines()[number - 1]


LEFT = """
async def main():
    asyncio.create_task(fetch("a"))
    asyncio.create_task(fetch("b"), name="second")
    await asyncio.sleep(0.5)
"""
CANCELLED = """
async def main():
    task = asyncio.create_task(fetch("a"))
    await asyncio.sleep(0.5)
    task.cancel()
"""
FAILED = """
async def main():
    task = asyncio.create_task(fetch("a"))
    await asyncio.sleep(0.5)
    raise ValueError("main fails, and its task is cancelled for that")
"""


def test_tasks_that_outlive_the_main_coroutine_are_named_by_their_lines(tmp_path: Path) -> None:
    found = findings(traced(LEFT, tmp_path))
    assert [item.code for item in found] == ["leaked-task", "leaked-task"]
    assert found[0].seen == "1 task (fetch) was still running when the main coroutine ended, so it was cancelled."


def test_a_task_that_main_cancels_itself_is_none_of_them(tmp_path: Path) -> None:
    assert codes(traced(CANCELLED, tmp_path)) == []


def test_a_task_that_an_error_in_main_ends_is_none_of_them(tmp_path: Path) -> None:
    assert codes(traced(FAILED, tmp_path)) == ["raised"]


NEVER = """
kept = []

async def main():
    fetch("a")
    fetch("b")
    kept.append(fetch("c"))
"""
STARTED_LATE = """
async def main():
    task = asyncio.create_task(fetch("a"))
    task.cancel()
"""


def test_coroutines_that_nobody_awaits_are_named_though_something_still_refers_to_them(tmp_path: Path) -> None:
    found = findings(traced(NEVER, tmp_path))
    assert [item.code for item in found] == ["never-awaited"] * 3


def test_a_task_cancelled_before_it_began_has_no_forgotten_coroutine(tmp_path: Path) -> None:
    assert codes(traced(STARTED_LATE, tmp_path)) == []


HELD = """
async def work():
    await asyncio.sleep(0.1)
    time.sleep(0.5)

async def main():
    await asyncio.gather(work(), work(), fetch("a"))
"""
AWAY = """
async def main():
    await asyncio.gather(asyncio.to_thread(time.sleep, 1), fetch("a"))
"""
ALONE = """
async def main():
    time.sleep(1)
"""
BEFORE = """
time.sleep(1)

async def main():
    await fetch("a")
"""


def test_a_blocking_call_is_named_with_its_time_and_those_it_kept_waiting(tmp_path: Path) -> None:
    [found] = findings(traced(HELD, tmp_path))
    assert found.code == "blocked-the-loop"
    assert found.seen == "time.sleep held the event loop 2 times, 1 s in all; 2 other tasks could not go on meanwhile."


@pytest.mark.parametrize("program", [AWAY, BEFORE])
def test_what_blocks_no_loop_is_not_named(program: str, tmp_path: Path) -> None:
    assert codes(traced(program, tmp_path)) == []


def test_a_pause_that_blocks_is_named_though_nobody_waits(tmp_path: Path) -> None:
    assert codes(traced(ALONE, tmp_path)) == ["blocked-the-loop"]


LOST = """
async def bad():
    raise OSError("no disk")

async def main():
    task = asyncio.create_task(bad())
    await asyncio.sleep(1)
    del task
"""
LOOKED_AT = """
async def bad():
    raise OSError("no disk")

async def main():
    print(await asyncio.gather(bad(), return_exceptions=True))
"""


def test_an_exception_that_nobody_looks_at_is_named(tmp_path: Path) -> None:
    [found] = findings(traced(LOST, tmp_path))
    assert (found.code, found.seen) == (
        "unretrieved-exception",
        "A task raised OSError: no disk; nobody awaited the task.",
    )


def test_an_exception_that_somebody_collects_is_not(tmp_path: Path) -> None:
    assert codes(traced(LOOKED_AT, tmp_path)) == []
