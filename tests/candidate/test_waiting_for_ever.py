"""Programs that would never end do end, and who waits at which line is known."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from grader.evidence import Deadlocked, Endless

if TYPE_CHECKING:
    from grader.judge.check import Check
    from grader.judge.submission import Submission
    from tests.candidate.conftest import Programs

DEADLOCKS = {
    "an asyncio lock taken twice": """
        import asyncio

        async def main():
            lock = asyncio.Lock()
            async with lock:
                async with lock:  # <-- main()
                    pass
    """,
    "a lock held by a thread": """
        import threading

        lock, never = threading.Lock(), threading.Event()

        def hold():
            with lock:
                never.wait()  # <-- thread holder

        async def main():
            threading.Thread(target=hold, name="holder").start()
            lock.acquire()  # <-- the loop
    """,
    "a queue without a producer": """
        import queue

        def main():
            queue.Queue().get()  # <-- the loop
    """,
    "a simple queue without a producer": """
        import asyncio
        import queue

        async def main():
            await asyncio.to_thread(queue.SimpleQueue().get)  # <-- main()
    """,
    "two locks crossed": """
        import threading
        import time

        one, two = threading.Lock(), threading.Lock()

        def take(first, second):
            with first:
                time.sleep(0.1)
                with second:  # <-- thread left, thread right
                    pass

        def main():
            threads = [
                threading.Thread(target=take, args=[one, two], name="left"),
                threading.Thread(target=take, args=[two, one], name="right"),
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()  # <-- the loop
    """,
    "two tasks, each waiting for the other": """
        import asyncio

        async def main():
            ready = [asyncio.Event(), asyncio.Event()]

            async def meet(mine, other):
                await ready[other].wait()  # <-- main.<locals>.meet(), main.<locals>.meet()
                ready[mine].set()

            await asyncio.gather(meet(0, 1), meet(1, 0))  # <-- main()
    """,
    "an async generator": """
        import asyncio

        async def items(queue):
            while True:
                yield await queue.get()  # <-- main()

        async def main():
            async for item in items(asyncio.Queue()):
                print(item)
    """,
    "a task that joins its own thread pool": """
        import asyncio
        import threading

        async def main():
            barrier = threading.Barrier(2)
            await asyncio.to_thread(barrier.wait)  # <-- main()
    """,
}


@pytest.mark.parametrize("name", DEADLOCKS)
def test_deadlock(programs: Programs, name: str) -> None:
    """A deadlock is told at once, with everybody who waits and the lines at which they do."""
    source = DEADLOCKS[name]
    outcome = programs.fails(source, functions={"main": "async" if "async def main" in source else "plain"})

    assert isinstance(outcome.failure, Deadlocked)
    seen = {(waiter.who, waiter.line.number) for waiter in outcome.failure.waiters}
    marked = [(row.partition("# <-- ")[2].split(", "), number) for number, row in enumerate(outcome.source, 1)]
    expected = {(who, number) for names, number in marked for who in names if who}
    assert expected <= seen
    assert outcome.diagnosis.code == "deadlocked"


def test_a_deadlock_does_not_spoil_the_next_check(programs: Programs) -> None:
    """A candidate that deadlocked is told at once, and another program is judged as ever."""
    for _ in range(2):
        assert programs.fails(DEADLOCKS["two locks crossed"], functions={"main": "plain"}).failure
        assert programs("async def main(): return 1").value == 1


@pytest.mark.parametrize(
    "source",
    [
        """
        import asyncio

        async def main():
            while True:
                await asyncio.sleep(1)  # <-- here
        """,
        """
        import time

        def main():
            while True:
                time.sleep(1)  # <-- here
        """,
        """
        import asyncio

        async def main():
            while True:
                try:
                    await asyncio.sleep(1)  # <-- here
                except asyncio.CancelledError:
                    pass
        """,
    ],
)
def test_endless_in_virtual_time(programs: Programs, source: str) -> None:
    """A program that goes on past the horizon is ended there, and its line is known."""
    functions = {"main": "async" if "async def" in source else "plain"}
    outcome = programs.fails(source, functions=functions, horizon=60.0)

    assert isinstance(outcome.failure, Endless)
    assert 60 <= outcome.failure.horizon <= 61
    lines = {outcome.source[waiter.line.number - 1] for waiter in outcome.failure.waiters}
    assert any("<-- here" in line for line in lines)
    assert outcome.diagnosis.code == "never-ends"


BUSY = {
    "looking at the clock": """
        import time

        async def main():
            end = time.monotonic() + 1
            while time.monotonic() < end:
                pass
            return time.monotonic()
    """,
    "looking at the loop's clock": """
        import asyncio

        async def main():
            loop = asyncio.get_running_loop()
            while loop.time() < 1:
                pass
            return loop.time()
    """,
    "yielding until a task is done": """
        import asyncio

        async def main():
            task = asyncio.create_task(asyncio.sleep(1))
            while not task.done():
                await asyncio.sleep(0)
            return asyncio.get_running_loop().time()
    """,
    "sleeping for less than a tick": """
        import asyncio

        async def main():
            task = asyncio.create_task(asyncio.sleep(1))
            await asyncio.sleep(0.5)
            while not task.done():
                await asyncio.sleep(1e-12)
            return asyncio.get_running_loop().time()
    """,
    "yielding until a thread is done": """
        import asyncio
        import threading
        import time

        async def main():
            thread = threading.Thread(target=time.sleep, args=[1])
            thread.start()
            while thread.is_alive():
                await asyncio.sleep(0)
            return time.monotonic()
    """,
    "time.sleep(0) until a thread has set a flag": """
        import threading
        import time

        async def main():
            done = []
            threading.Timer(1, done.append, [1]).start()
            while not done:
                time.sleep(0)
            return time.monotonic()
    """,
    "trying a lock until it is free": """
        import threading
        import time

        async def main():
            lock = threading.Lock()
            lock.acquire()
            threading.Timer(1, lock.release).start()
            while not lock.acquire(timeout=0):
                pass
            return time.monotonic()
    """,
}


@pytest.mark.parametrize("name", BUSY)
def test_busy_waiting_ends(programs: Programs, name: str) -> None:
    """A loop that waits by looking, or by yielding, ends a little after what it looks for."""
    outcome = programs(BUSY[name])

    assert 1 <= outcome.value <= 1.05


def test_a_loop_that_only_computes_is_stopped(programs: Programs) -> None:
    """A loop that never waits runs into the real limit, and its line is known."""
    outcome = programs.fails(
        """
        async def main():
            while True:
                pass  # here
        """,
        limit=0.3,
    )

    assert outcome.diagnosis.code == "never-ends"
    assert outcome.diagnosis.line is not None
    assert outcome.diagnosis.line.number in {2, 3}


def test_who_waits_for_tasks_is_told_last(programs: Programs) -> None:
    """Of those who wait for ever, those come first who do not merely wait for the others."""
    outcome = programs.fails("""
        import asyncio

        async def main():
            never = asyncio.Event()

            async def stuck():
                await never.wait()  # here

            async with asyncio.TaskGroup() as group:
                group.create_task(stuck())
                group.create_task(asyncio.wait([asyncio.create_task(stuck())]))
    """)

    assert isinstance(outcome.failure, Deadlocked)
    assert [waiter.line.number for waiter in outcome.failure.waiters[:2]] == [7, 7]
    assert outcome.failure.waiters[-1].line.number != 7


def test_looking_again_after_each_event(programs: Programs) -> None:
    """A program that waits for many events by looking again and again is right, and exact."""

    async def tick() -> None:
        await asyncio.sleep(5)

    async def scenario(submission: Submission, _: Check) -> Any:
        return await submission.main(tick)

    source = """
        import asyncio

        async def main(tick):
            for _ in range(200):
                task = asyncio.create_task(tick())
                while not task.done():
                    await asyncio.sleep(0)
    """
    assert programs(source, scenario=scenario).elapsed == 1000


def test_a_program_that_cancels_every_task(programs: Programs) -> None:
    """A program may cancel all tasks that it finds; those of the grader go on."""
    outcome = programs("""
        import asyncio

        async def main():
            asyncio.create_task(asyncio.sleep(100))
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()
            await asyncio.sleep(1)
            return asyncio.get_running_loop().time()
    """)

    assert outcome.value == 1
