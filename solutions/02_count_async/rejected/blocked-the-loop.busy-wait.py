import asyncio
import time


async def count(emit, pause=1.0):
    emit("One")
    end = time.perf_counter() + pause
    while time.perf_counter() < end:  # <-- here
        pass
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
