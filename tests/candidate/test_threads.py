"""Threads, and all that `threading`, `queue` and `concurrent.futures` wait for, live on the judge's clock."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from grader.judge.check import Check
    from grader.judge.submission import Submission
    from tests.candidate.conftest import Programs

PLAIN = {"main": "plain"}


def test_a_pool_of_five(programs: Programs) -> None:
    """Ten to_thread(time.sleep, 0.5) in a pool of five threads take exactly 1 s, and hold no loop."""
    outcome = programs(
        """
        import asyncio
        import time

        async def main():
            await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.5) for _ in range(10)))
        """,
        pool=5,
    )

    assert outcome.elapsed == 1.0
    assert outcome.holds == []


def test_a_thread_beside_the_loop(programs: Programs) -> None:
    """A thread of 0.5 s beside asyncio.sleep(3) ends at 0.5, and the loop at 3."""
    outcome = programs("""
        import asyncio
        import time

        def work():
            time.sleep(0.5)
            return time.monotonic()

        async def main():
            thread = asyncio.create_task(asyncio.to_thread(work))
            await asyncio.sleep(3)
            return [await thread, time.monotonic()]
    """)

    assert outcome.value == [0.5, 3.0]


def test_a_thread_within_its_timeout(programs: Programs) -> None:
    """wait_for(to_thread(time.sleep, 0.2), 1) does not time out, and takes 0.2 s."""
    outcome = programs("""
        import asyncio
        import time

        async def main():
            await asyncio.wait_for(asyncio.to_thread(time.sleep, 0.2), 1)
    """)

    assert outcome.elapsed == 0.2


def test_a_thread_beyond_its_timeout(programs: Programs) -> None:
    """wait_for gives a thread up in time, though the thread goes on."""
    outcome = programs("""
        import asyncio
        import time

        async def main():
            try:
                await asyncio.wait_for(asyncio.to_thread(time.sleep, 2), 0.5)
            except TimeoutError:
                return time.monotonic()
    """)

    assert outcome.value == 0.5


HAND_OFFS = {
    "Event": """
        event = threading.Event()

        def other():
            time.sleep(1)
            event.set()

        start(other)
        note(event.wait())
        note(threading.Event().wait(0.5))
    """,
    "Event in time": """
        event = threading.Event()
        start(lambda: (time.sleep(1), event.set()))
        note(event.wait(2))
        note(event.wait(2))
        time.sleep(0.5)
        note("later")
    """,
    "Lock": """
        lock = threading.Lock()

        def other():
            with lock:
                time.sleep(1)

        start(other)
        with lock:
            note(True)
        lock.acquire()
        note(lock.acquire(timeout=0.5))
    """,
    "RLock": """
        lock = threading.RLock()

        def other():
            with lock, lock:
                time.sleep(1)

        start(other)
        with lock, lock:
            note(True)
        start(lambda: (lock.acquire(), time.sleep(9)))
        note(lock.acquire(timeout=0.5))
    """,
    "Condition": """
        condition, ready = threading.Condition(), []

        def other():
            time.sleep(1)
            with condition:
                ready.append(True)
                condition.notify()

        start(other)
        with condition:
            note(condition.wait_for(lambda: bool(ready)))
            note(condition.wait(0.5))
    """,
    "Semaphore": """
        semaphore = threading.Semaphore(0)
        start(lambda: (time.sleep(1), semaphore.release()))
        note(semaphore.acquire())
        note(semaphore.acquire(timeout=0.5))
    """,
    "Queue": """
        box = queue.Queue()
        start(lambda: (time.sleep(1), box.put(True)))
        note(box.get())
        try:
            box.get(timeout=0.5)
        except queue.Empty:
            note(False)
    """,
    "Queue of one place": """
        box = queue.Queue(1)
        box.put(1)
        start(lambda: (time.sleep(1), box.get()))
        box.put(2)
        note(box.full())
        try:
            box.put(3, timeout=0.5)
        except queue.Full:
            note(False)
    """,
    "SimpleQueue": """
        box = queue.SimpleQueue()
        start(lambda: (time.sleep(1), box.put(True)))
        note(box.get())
        try:
            box.get(timeout=0.5)
        except queue.Empty:
            note(False)
    """,
    "Barrier": """
        barrier = threading.Barrier(2)
        start(lambda: (time.sleep(1), barrier.wait()))
        note(barrier.wait() in {0, 1})
        try:
            barrier.wait(0.5)
        except threading.BrokenBarrierError:
            note(False)
    """,
    "Timer": """
        event = threading.Event()
        threading.Timer(1, event.set).start()
        unused = threading.Timer(1.25, note, [None])
        unused.start()
        note(event.wait())
        unused.cancel()
        note(bool(time.sleep(0.5)))
    """,
    "join": """
        thread = start(time.sleep, 1)
        thread.join()
        note(not thread.is_alive())
        thread = start(time.sleep, 1)
        thread.join(0.5)
        note(not thread.is_alive())
    """,
    "futures": """
        with futures.ThreadPoolExecutor(2) as pool:
            future = pool.submit(lambda: (time.sleep(1), True)[1])
            note(future.result())
            slow = pool.submit(time.sleep, 1)
            try:
                slow.result(timeout=0.5)
            except TimeoutError:
                note(False)
    """,
}

HAND_OFF = """
import queue
import threading
import time
from concurrent import futures

notes = []

def note(what):
    notes.append([time.monotonic(), what])

def start(function, *args):
    thread = threading.Thread(target=function, args=args, daemon=True)
    thread.start()
    return thread

def main():
{body}
    return notes
"""


def _hand_off(body: str) -> str:
    return HAND_OFF.replace("{body}", textwrap.indent(textwrap.dedent(body), "    "))


@pytest.mark.parametrize("name", HAND_OFFS)
def test_hand_offs(programs: Programs, name: str) -> None:
    """Each way to wait for another thread takes exactly the other's time, and each time-out exactly its own."""
    outcome = programs(_hand_off(HAND_OFFS[name]), functions=PLAIN)

    times = {"Event in time": [[1, True], [1, True], [1.5, "later"]]}
    assert outcome.value == times.get(name, [[1, True], [1.5, False]])
    assert "Traceback" not in outcome.verdict.printed


TIES = {
    "Lock": """
        lock = threading.Lock()
        lock.acquire()
        start(lambda: (time.sleep(1), lock.release()))
        start(lambda: lock.acquire(timeout=1))
        lock.acquire(timeout=5)
    """,
    "Event": """
        event = threading.Event()
        start(lambda: (time.sleep(1), event.set()))
        start(lambda: event.wait(1))
        event.wait(5)
    """,
    "Condition": """
        condition = threading.Condition()

        def wait():
            with condition:
                condition.wait(1)

        def notify():
            time.sleep(1)
            with condition:
                condition.notify_all()

        start(notify)
        start(wait)
        time.sleep(1)
    """,
    "Queue": """
        box = queue.Queue()
        start(lambda: (time.sleep(1), box.put(1)))
        start(lambda: box.get(timeout=1))
        time.sleep(1)
    """,
    "Semaphore": """
        semaphore = threading.Semaphore(0)
        start(lambda: (time.sleep(1), semaphore.release()))
        start(lambda: semaphore.acquire(timeout=1))
        time.sleep(1)
    """,
    "join": """
        sleeper = start(time.sleep, 1)
        start(lambda: sleeper.join(1))
        start(lambda: sleeper.join(1))
        sleeper.join()
    """,
    "wait for futures": """
        pool = futures.ThreadPoolExecutor(1)
        future = pool.submit(time.sleep, 1)
        start(lambda: futures.wait([future], 1))
        start(lambda: future.exception(1))
        time.sleep(1)
    """,
}


@pytest.mark.parametrize("name", TIES)
def test_released_as_time_is_up(programs: Programs, name: str) -> None:
    """A wait whose time is up in the very tick of the wake-up ends then, whichever comes first, without an error."""
    body = textwrap.dedent(TIES[name]) + "time.sleep(1)\nnote(threading.active_count())\n"
    outcome = programs(_hand_off(body), functions=PLAIN)

    ((ended, threads),) = outcome.value
    assert ended == 2
    assert threads == (2 if name == "wait for futures" else 1)
    assert "Error" not in outcome.verdict.printed.replace("TimeoutError", "")


def test_waiters_are_served_in_order(programs: Programs) -> None:
    """Threads that queue for a lock get it first come, first served."""
    outcome = programs(
        """
        import threading
        import time

        def main():
            lock, order, threads = threading.Lock(), [], []

            def work(number):
                with lock:
                    order.append(number)
                    time.sleep(0.1)

            for number in range(20):
                threads.append(threading.Thread(target=work, args=[number]))
                threads[-1].start()
            for thread in threads:
                thread.join()
            return order
        """,
        functions=PLAIN,
    )

    assert outcome.value == list(range(20))
    assert outcome.elapsed == 2.0


def test_futures(programs: Programs) -> None:
    """map keeps the order of its arguments, as_completed that of their times, and both take what the pool allows."""
    outcome = programs(
        """
        import time
        from concurrent.futures import ThreadPoolExecutor, as_completed

        def nap(seconds):
            time.sleep(seconds)
            return seconds

        def main():
            with ThreadPoolExecutor(2) as pool:
                mapped = list(pool.map(nap, [3, 1, 2]))
            between = time.monotonic()
            with ThreadPoolExecutor(3) as pool:
                done = [future.result() for future in as_completed([pool.submit(nap, s) for s in (3, 1, 2)])]
            return [mapped, between, done, time.monotonic()]
        """,
        functions=PLAIN,
    )

    assert outcome.value == [[3, 1, 2], 3, [1, 2, 3], 6]


def test_a_thread_is_dead_when_it_has_ended(programs: Programs) -> None:
    """A thread that has ended is not alive to who looks in the same tick."""
    outcome = programs(
        """
        import threading
        import time

        def main():
            looks = 0
            for _ in range(30):
                thread = threading.Thread(target=time.sleep, args=[0.1])
                thread.start()
                while thread.is_alive():
                    time.sleep(0.1)
                    looks += 1
            return looks
        """,
        functions=PLAIN,
    )

    assert outcome.value == 30  # the thread was put to sleep first, so it wakes first
    assert outcome.elapsed == 3


def test_producer_and_consumer(programs: Programs) -> None:
    """A producer of one item a second and a slower consumer meet at the times that paper and pencil give."""
    outcome = programs(
        """
        import queue
        import threading
        import time

        def main():
            box, taken = queue.Queue(maxsize=2), []

            def produce():
                for number in range(6):
                    time.sleep(1)
                    box.put(number)
                box.put(None)

            threading.Thread(target=produce).start()
            while (item := box.get()) is not None:
                taken.append([time.monotonic(), item])
                time.sleep(1.5)
            return taken
        """,
        functions=PLAIN,
    )

    assert outcome.value == [[1 + 1.5 * number, number] for number in range(6)]


def test_a_thread_wakes_the_loop(programs: Programs) -> None:
    """call_soon_threadsafe and run_coroutine_threadsafe reach the loop in the tick in which they are called."""
    outcome = programs("""
        import asyncio
        import time

        async def main():
            loop, event = asyncio.get_running_loop(), asyncio.Event()

            async def answer():
                await asyncio.sleep(0.5)
                return loop.time()

            def work():
                time.sleep(1)
                loop.call_soon_threadsafe(event.set)
                return asyncio.run_coroutine_threadsafe(answer(), loop).result()

            thread = asyncio.create_task(asyncio.to_thread(work))
            await event.wait()
            return [loop.time(), await thread, loop.time()]
    """)

    assert outcome.value == [1, 1.5, 1.5]


@pytest.mark.parametrize(
    ("blocking", "line"),
    [
        ("threading.Thread(target=time.sleep, args=[1])", "thing.join()"),
        ("pool.submit(time.sleep, 1)", "thing.result()"),
    ],
)
def test_waiting_for_a_thread_holds_the_loop(programs: Programs, blocking: str, line: str) -> None:
    """A join or a result() in a coroutine holds the loop, and its line is known."""
    outcome = programs(f"""
        import asyncio
        import threading
        import time
        from concurrent.futures import ThreadPoolExecutor

        async def main():
            pool = ThreadPoolExecutor(1)
            thing = {blocking}
            if hasattr(thing, "start"):
                thing.start()
            {line}
    """)

    assert outcome.elapsed == 1
    assert outcome.holds == [(0.0, 1.0, line)]


@pytest.mark.parametrize(
    "work", ["threading.Thread(target=time.sleep, args=[5]).start()", "threading.Thread(target=nap).start()"]
)
def test_a_thread_left_running(programs: Programs, work: str) -> None:
    """A thread that outlives the call is found, even one with no line of the learner's in it."""

    async def scenario(submission: Submission, _: Check) -> Any:
        await submission.main()
        await submission.leaves_nothing_behind()

    outcome = programs.fails(
        f"""
        import threading
        import time

        def nap():
            time.sleep(5)

        async def main():
            {work}
        """,
        scenario=scenario,
    )

    assert outcome.diagnosis.code == "thread-left-running"


def test_idle_workers_are_not_left_behind(programs: Programs) -> None:
    """A pool whose workers wait for their next job leaves nothing running."""

    async def scenario(submission: Submission, _: Check) -> Any:
        await submission.main()
        await submission.leaves_nothing_behind()

    programs(
        """
        import time
        from concurrent.futures import ThreadPoolExecutor

        pool = ThreadPoolExecutor(3)

        async def main():
            pool.submit(time.sleep, 1).result()
        """,
        scenario=scenario,
    )


def test_importing_in_two_threads(programs: Programs) -> None:
    """A thread that imports what another is importing waits for it on the clock."""
    outcome = programs(
        """
        import os
        import sys
        import tempfile
        import threading
        import time

        def main():
            ends = []

            def load():
                import slow_to_import
                ends.append(time.monotonic())

            with tempfile.TemporaryDirectory() as folder:
                with open(os.path.join(folder, "slow_to_import.py"), "w") as file:
                    file.write("import time; time.sleep(1)")
                sys.path.append(folder)
                threads = [threading.Thread(target=load) for _ in range(3)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
            return ends
        """,
        functions=PLAIN,
        limit=3.0,
    )

    assert outcome.value == [1, 1, 1]
