"""Libraries that bring threads or loops of their own work on the judge's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.candidate.conftest import Programs


def test_anyio(programs: Programs) -> None:
    """anyio's task groups, time-outs, memory streams and threads take the times they say."""
    pytest.importorskip("anyio")
    outcome = programs("""
        import time
        import anyio

        async def main():
            async with anyio.create_task_group() as group:
                for _ in range(5):
                    group.start_soon(anyio.sleep, 1)
            first = anyio.current_time()
            async with anyio.create_task_group() as group:
                for _ in range(5):
                    group.start_soon(anyio.to_thread.run_sync, time.sleep, 1)
            second = anyio.current_time()
            with anyio.move_on_after(0.5) as scope:
                await anyio.sleep_forever()
            send, receive = anyio.create_memory_object_stream(0)
            async with anyio.create_task_group() as group, send, receive:
                group.start_soon(send.send, "item")
                item = await receive.receive()
            back = await anyio.to_thread.run_sync(anyio.from_thread.run, anyio.sleep, 1)
            return [first, second, scope.cancelled_caught, item, anyio.current_time()]
    """)

    assert outcome.value == [1, 2, True, "item", 3.5]


def test_aiosqlite(programs: Programs) -> None:
    """aiosqlite, which hands every statement to a thread, costs no virtual time, even under a timeout."""
    pytest.importorskip("aiosqlite")
    outcome = programs("""
        import asyncio
        import aiosqlite

        async def main():
            async with asyncio.timeout(5):
                async with aiosqlite.connect(":memory:") as database:
                    await database.execute("CREATE TABLE squares (number, square)")
                    rows = [(number, number**2) for number in range(10)]
                    await database.executemany("INSERT INTO squares VALUES (?, ?)", rows)
                    await database.commit()
                    async with database.execute("SELECT sum(square) FROM squares") as cursor:
                        (total,) = await cursor.fetchone()
            return total
    """)

    assert outcome.value == 285
    assert outcome.ticks == 0


def test_logging_and_printing_threads(programs: Programs) -> None:
    """Threads may log and print while others wait; what they print comes in the order of their times."""
    outcome = programs("""
        import asyncio
        import logging
        import time

        logging.basicConfig(level=logging.INFO, format="%(message)s")

        def work(number):
            time.sleep(1 - number / 10)
            logging.info("logged %d", number)
            print("printed", number)

        async def main():
            await asyncio.gather(*(asyncio.to_thread(work, number) for number in range(5)))
    """)

    expected = [f"{what} {number}" for number in reversed(range(5)) for what in ("logged", "printed")]
    assert outcome.verdict.printed.splitlines() == expected
