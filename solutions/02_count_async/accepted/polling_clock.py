import asyncio
import time


async def count(emit, pause=1.0):
    emit("One")
    end = time.perf_counter() + pause
    while (left := end - time.perf_counter()) > 0:
        await asyncio.sleep(min(left, pause / 10))
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
