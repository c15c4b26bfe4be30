import asyncio
import time


def wait(seconds):
    time.sleep(seconds)  # <-- here


async def count(emit, pause=1.0):
    emit("One")
    wait(pause)
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
