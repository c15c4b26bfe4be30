import asyncio
import time


def blocking_count(emit, pause):
    emit("One")
    time.sleep(pause)
    emit("Two")


async def count(emit, pause=1.0):
    await asyncio.to_thread(blocking_count, emit, pause)


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
