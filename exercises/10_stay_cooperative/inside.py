"""Somebody else in the loop of checksum, who wants a turn and notes how long it took to get one."""

import asyncio
import inspect
import sys
import time
import zlib

COROUTINE = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class Neighbour:
    """Asks for a turn of the loop whenever a block is begun in it, if it does not wait for one already.

    waits: one for each turn it got: the seconds, and for each block begun meanwhile the task, the lines of the
    learner's coroutines on the stack (innermost first), and the line at which checksum itself waited.
    paused: the line of the first pause. early: there was a turn before the first block.
    """

    def __init__(self, file, digest):
        self.loop, self.file, self.digest = asyncio.get_running_loop(), file, digest
        self.waits, self.begun = [], []
        self.asked = self.coroutine = self.paused = None
        self.early = False

    def watched(self):
        """Return the digest that the learner is given."""

        def digest(block):
            if asyncio._get_running_loop() is not None:
                if self.asked is None:
                    self.asked = time.monotonic()
                    self.loop.call_soon(self.turn)
                self.begun.append(self.where(sys._getframe(1)))
            return self.digest(block)

        digest.of_the_judge = True  # what the judge's own may do, it may too: travel to a pool of processes
        return digest

    def first_turn(self):
        if not self.waits and not self.begun:
            self.early, self.paused = True, waiting_line(self.coroutine, self.file)

    def turn(self):
        if self.asked is not None:
            self.waits.append([time.monotonic() - self.asked, self.begun])
            self.asked, self.begun = None, []
            self.paused = self.paused or waiting_line(self.coroutine, self.file)

    def where(self, frame):
        lines = []
        while frame is not None:
            if frame.f_code.co_filename == self.file and frame.f_code.co_flags & COROUTINE:
                lines.append(frame.f_lineno)
            frame = frame.f_back
        return [id(asyncio.current_task()), lines, waiting_line(self.coroutine, self.file)]


def waiting_line(coroutine, file):
    """Return the innermost line of the learner's at which *coroutine* is suspended, or None."""
    line = None
    while inspect.iscoroutine(coroutine) and coroutine.cr_frame is not None and not coroutine.cr_running:
        if coroutine.cr_code.co_filename == file:
            line = coroutine.cr_frame.f_lineno
        coroutine = coroutine.cr_await
    return line


async def checksum_beside(module, blocks, digest):
    """Return the sum, the seconds that it took, and the `waits`, `paused` and `early` of a neighbour."""
    neighbour = Neighbour(module.__file__, digest)
    neighbour.loop.call_soon(neighbour.first_turn)
    began = time.monotonic()
    neighbour.coroutine = module.checksum(blocks, neighbour.watched())
    total = await neighbour.coroutine
    took = time.monotonic() - began
    neighbour.turn()
    return [total, took, neighbour.waits, neighbour.paused, neighbour.early]


def hold_on(block):
    """Be the digest on the real clock: about 5 ms in which no other thread of this interpreter runs."""
    import ctypes

    ctypes.PyDLL(None).usleep(5000)
    return zlib.crc32(block)


async def checksum_for_real(module, blocks):
    """Return the sum, and how often somebody with a pause of 5 ms ran meanwhile."""
    turns = 0

    async def tick():
        nonlocal turns
        while True:
            await asyncio.sleep(0.005)
            turns += 1

    ticker = asyncio.create_task(tick())
    await asyncio.sleep(0)
    try:
        total = await module.checksum(blocks, hold_on)
    finally:
        ticker.cancel()
        await asyncio.wait([ticker])
    return [total, turns]
