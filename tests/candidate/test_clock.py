"""Time in the learner's coroutines is exact: what overlaps costs one delay, what does not costs their sum."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from grader.ticks import TICKS_PER_SECOND

if TYPE_CHECKING:
    from grader.judge.check import Check
    from grader.judge.submission import Submission
    from tests.candidate.conftest import Programs

FETCHERS = """
    import asyncio
    import httpx

    async def at_once(fetch):
        return await asyncio.gather(*(fetch(number) for number in range(50)))

    async def one_by_one(fetch):
        return [await fetch(number) for number in range(50)]

    async def in_tens(fetch):
        answers = []
        for first in range(0, 50, 10):
            answers += await asyncio.gather(*(fetch(number) for number in range(first, first + 10)))
        return answers

    async def ten_at_a_time(fetch):
        limit = asyncio.Semaphore(10)

        async def limited(number):
            async with limit:
                return await fetch(number)

        return await asyncio.gather(*map(limited, range(50)))

    WAYS = [at_once, one_by_one, in_tens, ten_at_a_time]

    async def fetches(way, fetch):
        return await WAYS[way](fetch)

    async def requests(way):
        async with httpx.AsyncClient() as client:
            async def fetch(number):
                response = await client.get(f"https://numbers.test/{number}")
                return response.json()

            return await WAYS[way](fetch)
"""


@pytest.mark.parametrize(("way", "delays"), [(0, 1), (1, 50), (2, 5), (3, 5)])
def test_fifty_calls(programs: Programs, way: int, delays: int) -> None:
    """Fifty calls of one delay take exactly 1 delay at once, 50 one after another, and 5 in tens."""

    async def fetch(number: int) -> int:
        await asyncio.sleep(1)
        return number

    async def scenario(submission: Submission, _: Check) -> Any:
        return await submission.fetches(way, fetch)

    outcome = programs(FETCHERS, scenario=scenario, functions={"fetches": "async"})

    assert outcome.value == list(range(50))
    assert outcome.ticks == delays * TICKS_PER_SECOND


@pytest.mark.parametrize(("way", "delays"), [(0, 1), (1, 50), (2, 5), (3, 5)])
def test_fifty_requests(programs: Programs, way: int, delays: int) -> None:
    """Fifty HTTP requests cost what fifty calls cost."""

    async def answer(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(1)
        return httpx.Response(200, json=int(request.url.path[1:]))

    async def scenario(submission: Submission, check: Check) -> Any:
        check.world.router.get(host="numbers.test").mock(side_effect=answer)
        return await submission.requests(way)

    outcome = programs(FETCHERS, scenario=scenario, functions={"requests": "async"})

    assert outcome.value == list(range(50))
    assert outcome.ticks == delays * TICKS_PER_SECOND
    assert {operation.kind for operation in outcome.evidence.timeline.operations} == {"request"}


def test_a_thousand_tenths(programs: Programs) -> None:
    """A thousand sleeps of 0.1 s take exactly 100 s."""
    outcome = programs("""
        import asyncio

        async def main():
            for _ in range(1000):
                await asyncio.sleep(0.1)
    """)

    assert outcome.ticks == 100 * TICKS_PER_SECOND


def test_a_deadline_between_ticks(programs: Programs) -> None:
    """A deadline that is no round number, such as 0.1 + 0.2, costs no tick more."""
    outcome = programs("""
        import asyncio

        async def main():
            loop = asyncio.get_running_loop()
            await asyncio.sleep(0.3)
            done = loop.create_future()
            loop.call_at(0.1 + 0.2, done.set_result, None)
            await done
    """)

    assert outcome.ticks == 300_000_000


def test_timeout(programs: Programs) -> None:
    """asyncio.timeout(0.5) and wait_for end what takes longer after exactly 0.5 s."""
    outcome = programs("""
        import asyncio

        async def main():
            try:
                async with asyncio.timeout(0.5):
                    await asyncio.sleep(1)
            except TimeoutError:
                pass
            try:
                await asyncio.wait_for(asyncio.Event().wait(), 0.5)
            except TimeoutError:
                return "twice"
    """)

    assert outcome.value == "twice"
    assert outcome.ticks == TICKS_PER_SECOND


def test_sleep_without_end(programs: Programs) -> None:
    """asyncio.sleep(inf) waits as long as it is let."""
    outcome = programs("""
        import asyncio
        import math

        async def main():
            async with asyncio.timeout(math.inf):
                waiting = asyncio.create_task(asyncio.sleep(math.inf))
                await asyncio.sleep(1)
                return waiting.cancel()
    """)

    assert outcome.value is True
    assert outcome.elapsed == 1


def test_equal_times_keep_their_order(programs: Programs) -> None:
    """Timers of one time run in the order in which they were made."""
    outcome = programs("""
        import asyncio

        async def main():
            order = []

            async def note(number):
                await asyncio.sleep(1)
                order.append(number)

            await asyncio.gather(*map(note, range(100)))
            return order
    """)

    assert outcome.value == list(range(100))


def test_time_sleep_holds_the_loop(programs: Programs) -> None:
    """time.sleep in a coroutine costs what it says, and is told as a hold with its line."""
    outcome = programs("""
        import asyncio
        import time

        async def nap():
            time.sleep(0.5)

        async def main():
            await asyncio.gather(asyncio.sleep(0.75), nap(), nap())
    """)

    assert outcome.elapsed == 1.0
    assert outcome.holds == [(0.0, 1.0, "time.sleep(0.5)")]


def test_a_message_does_not_end_time_sleep(programs: Programs) -> None:
    """An answer, or another thread's call_soon_threadsafe, that comes meanwhile does not cut time.sleep short."""

    async def fetch() -> int:
        await asyncio.sleep(0.25)
        return 1

    async def scenario(submission: Submission, _: Check) -> Any:
        return await submission.main(fetch)

    outcome = programs(
        """
        import asyncio
        import threading
        import time

        async def main(fetch):
            loop = asyncio.get_running_loop()
            task = asyncio.create_task(fetch())
            threading.Timer(0.5, loop.call_soon_threadsafe, [print]).start()
            await asyncio.sleep(0)
            await asyncio.sleep(0.125)
            time.sleep(1)
            return [await task, loop.time()]
        """,
        scenario=scenario,
    )

    assert outcome.value == [1, 1.125]
    assert outcome.holds == [(0.125, 1.125, "time.sleep(1)")]


def test_every_clock_shows_the_same_time(programs: Programs) -> None:
    """time.time, monotonic, perf_counter, their _ns forms and the loop all advance together, from zero."""
    outcome = programs("""
        import asyncio
        import time

        def look():
            return [
                time.monotonic(), time.perf_counter(), time.time() - START, asyncio.get_running_loop().time(),
                time.monotonic_ns() / 1e9, time.perf_counter_ns() / 1e9, (time.time_ns() - START_NS) / 1e9,
            ]

        START, START_NS = time.time(), time.time_ns()

        async def main():
            first = look()
            await asyncio.sleep(1.5)
            second = look()
            time.sleep(1.5)
            return [first, second, look()]
    """)

    assert [set(times) for times in outcome.value] == [{0.0}, {1.5}, {3.0}]


@pytest.mark.parametrize("names", [["perf_counter", "monotonic", "time"], ["sleep"], ["monotonic_ns"]])
def test_a_patched_clock_changes_nothing(programs: Programs, names: list[str]) -> None:
    """A submission that replaces the functions of `time` does not move the judge's clock."""

    async def fetch() -> None:
        await asyncio.sleep(1)

    async def scenario(submission: Submission, _: Check) -> Any:
        return await submission.main(fetch)

    outcome = programs(
        f"""
        import asyncio
        import time

        for name in {names}:
            setattr(time, name, lambda *args: 0.0)

        async def main(fetch):
            asyncio.get_running_loop().time = lambda: 0.0
            for _ in range(50):
                await fetch()
        """,
        scenario=scenario,
    )

    assert outcome.elapsed == 50


def test_asyncio_run_in_a_thread(programs: Programs) -> None:
    """asyncio.run in a thread has a loop of its own on the same clock."""
    outcome = programs("""
        import asyncio
        import threading
        import time

        async def nap():
            await asyncio.sleep(1)
            return time.monotonic()

        async def main():
            return await asyncio.gather(asyncio.to_thread(asyncio.run, nap()), nap())
    """)

    assert outcome.value == [1.0, 1.0]
    assert outcome.elapsed == 1


def test_asyncio_run_in_plain_code(programs: Programs) -> None:
    """A plain function that calls asyncio.run twice takes the time of both."""

    async def scenario(submission: Submission, _: Check) -> Any:
        return submission.main and await submission.main()

    outcome = programs(
        """
        import asyncio

        def main():
            asyncio.run(asyncio.sleep(1))
            with asyncio.Runner() as runner:
                runner.run(asyncio.sleep(1.5))
        """,
        scenario=scenario,
        functions={"main": "plain"},
    )

    assert outcome.elapsed == 2.5


def test_ten_thousand_sleeps(programs: Programs) -> None:
    """Ten thousand sleeps at once, and two thousand one after another, end at the exact tick."""
    outcome = programs("""
        import asyncio

        async def main():
            await asyncio.gather(*(asyncio.sleep(number / 1000) for number in range(10_000)))
            for _ in range(2_000):
                await asyncio.sleep(0.001)
    """)

    assert outcome.ticks == 11_999_000_000


def test_two_calls_of_one_check(programs: Programs) -> None:
    """Calls of one check share a clock, and may overlap."""

    async def scenario(submission: Submission, _: Check) -> Any:
        first = await submission.main(1)
        return [first, *await asyncio.gather(submission.main(2), submission.main(2))]

    outcome = programs(
        """
        import asyncio

        async def main(seconds):
            await asyncio.sleep(seconds)
            return asyncio.get_running_loop().time()
        """,
        scenario=scenario,
    )

    assert outcome.value == [1, 3, 3]
    assert outcome.elapsed == 3
