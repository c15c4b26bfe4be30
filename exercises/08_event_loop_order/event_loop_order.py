"""08 event_loop_order: who runs when? Predict seven small programs, and find out where control really changes hands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def run_ab(log: Callable[[str], None], unit: float) -> None:
    """Run A and B at the same time. A waits for two units, B for one.

    log: a plain function that takes one line, such as print. unit: seconds.
    A logs "A: starting", waits, and logs "A: done"; B does the same with its own letter, and A starts first.
    """
    # TODO: write this one; then make your predictions below.
    raise NotImplementedError


def predictions() -> dict[str, list[str]]:
    """Return, under the names "p1" to "p7", what each of these programs says: a list of strings, in order.

    Each program is run by itself, as the first task of a fresh event loop. `say` is a plain function, such as print::

        async def p1():
            async def step(name, seconds):
                say(f"{name}: starting")
                await asyncio.sleep(seconds)
                say(f"{name}: done")

            await asyncio.gather(step("A", 2), step("B", 1))

        async def a(number):  # a and b are used by the programs that follow
            say(f"a{number}")

        async def b():
            say("b")

        async def p2():
            task = asyncio.create_task(b())
            await a(1)
            await a(2)
            await a(3)
            say("main")
            await task

        async def p3():
            task = asyncio.create_task(b())
            await asyncio.create_task(a(1))
            await asyncio.create_task(a(2))
            await asyncio.create_task(a(3))
            say("main")
            await task

        async def p4():
            task = asyncio.create_task(b())
            say("main")
            await asyncio.sleep(0)
            say("main again")
            await task

        async def p5():
            async with asyncio.TaskGroup() as group:
                group.create_task(b())
                say("main")
            say("after the group")

        async def p6():
            lock, queue = asyncio.Lock(), asyncio.Queue()
            queue.put_nowait("a thing")
            task = asyncio.create_task(b())
            async with lock:
                say("in the lock")
            await queue.get()
            say("after the queue")
            await task

        async def p7():
            async def boil(name, seconds):
                await asyncio.sleep(seconds)
                say(f"{name} is done")
                return name

            for name in await asyncio.gather(boil("pasta", 2), boil("egg", 1)):
                say(name)
    """
    raise NotImplementedError
