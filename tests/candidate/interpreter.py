# mypy: ignore-errors
"""A learner's file for `test_clock_laws`: it runs programs that are given as data, and logs what happens when.

A program is a list of actors, each ``[kind, steps]``; kind: ``task`` or ``thread``. A step is ``[name, *arguments]``;
times are in seconds. A log is a list of ``[time, actor, event, …]``.
"""

import asyncio
import queue
import threading
import time

SHARED = 2


class World:
    def __init__(self, fetch, fetch_plain):
        self.loop = asyncio.get_running_loop()
        self.log = []
        self.fetch, self.fetch_plain = fetch, fetch_plain
        self.thread_locks = [threading.Lock() for _ in range(SHARED)]
        self.thread_events = [threading.Event() for _ in range(SHARED)]
        self.thread_queues = [queue.Queue() for _ in range(SHARED)]
        self.task_locks = [asyncio.Lock() for _ in range(SHARED)]
        self.task_events = [asyncio.Event() for _ in range(SHARED)]
        self.task_queues = [asyncio.Queue() for _ in range(SHARED)]

    def note(self, actor, *what):
        self.log.append([time.monotonic(), actor, *what])

    async def act(self, actor, steps):
        for name, *arguments in steps:
            self.note(actor, "begin", name, *arguments)
            result = await getattr(self, f"task_{name}")(actor, *arguments)
            self.note(actor, "end", name, *arguments, result)

    def act_plainly(self, actor, steps):
        for name, *arguments in steps:
            self.note(actor, "begin", name, *arguments)
            result = getattr(self, f"thread_{name}")(actor, *arguments)
            self.note(actor, "end", name, *arguments, result)

    async def task_sleep(self, actor, seconds):
        await asyncio.sleep(seconds)

    def thread_sleep(self, actor, seconds):
        time.sleep(seconds)

    async def task_block(self, actor, seconds):
        time.sleep(seconds)

    thread_block = thread_sleep

    async def task_ask(self, actor, seconds):
        return await self.fetch(seconds)

    def thread_ask(self, actor, seconds):
        return self.fetch_plain(seconds)

    async def task_thread(self, actor, seconds):
        await asyncio.to_thread(time.sleep, seconds)

    def thread_thread(self, actor, seconds):
        thread = threading.Thread(target=time.sleep, args=[seconds])
        thread.start()
        thread.join(0.5)
        alive = thread.is_alive()
        thread.join()
        return alive

    async def task_lock(self, actor, which, seconds):
        async with self.task_locks[which]:
            self.note(actor, "enter", "task", which)
            await asyncio.sleep(seconds)
            self.note(actor, "leave", "task", which)

    def thread_lock(self, actor, which, seconds):
        with self.thread_locks[which]:
            self.note(actor, "enter", "thread", which)
            time.sleep(seconds)
            self.note(actor, "leave", "thread", which)

    async def task_try(self, actor, which, seconds):
        try:
            await asyncio.wait_for(self.task_locks[which].acquire(), seconds)
        except TimeoutError:
            return False
        self.note(actor, "enter", "task", which)
        self.note(actor, "leave", "task", which)
        self.task_locks[which].release()
        return True

    def thread_try(self, actor, which, seconds):
        if not self.thread_locks[which].acquire(timeout=seconds):
            return False
        self.note(actor, "enter", "thread", which)
        self.note(actor, "leave", "thread", which)
        self.thread_locks[which].release()
        return True

    async def task_set(self, actor, which, seconds):
        self.task_events[which].set()
        self.thread_events[which].set()

    def thread_set(self, actor, which, seconds):
        self.thread_events[which].set()
        self.loop.call_soon_threadsafe(self.task_events[which].set)

    async def task_wait(self, actor, which, seconds):
        try:
            async with asyncio.timeout(seconds):
                return await self.task_events[which].wait()
        except TimeoutError:
            return False

    def thread_wait(self, actor, which, seconds):
        return self.thread_events[which].wait(seconds)

    async def task_put(self, actor, which, seconds):
        self.task_queues[which].put_nowait(len(self.log) - 1)

    def thread_put(self, actor, which, seconds):
        self.thread_queues[which].put(len(self.log) - 1)

    async def task_get(self, actor, which, seconds):
        try:
            return await asyncio.wait_for(self.task_queues[which].get(), seconds)
        except TimeoutError:
            return False

    def thread_get(self, actor, which, seconds):
        try:
            return self.thread_queues[which].get(timeout=seconds)
        except queue.Empty:
            return False


async def main(program, fetch, fetch_plain):
    """Run *program*; return the times of its begin and end, and its log."""
    world = World(fetch, fetch_plain)
    begun = time.monotonic()
    running, threads = [], []
    for number, (kind, steps) in enumerate(program):
        if kind == "task":
            running.append(asyncio.create_task(world.act(number, steps)))
        else:
            threads.append(threading.Thread(target=world.act_plainly, args=[number, steps]))
            threads[-1].start()
    await asyncio.gather(*running, *(asyncio.to_thread(thread.join) for thread in threads))
    return [begun, time.monotonic(), world.log]
