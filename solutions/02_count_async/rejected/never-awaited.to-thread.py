import asyncio
import time


async def count(emit, pause=1.0):
    emit("One")
    asyncio.to_thread(time.sleep, pause)  # <-- here
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
