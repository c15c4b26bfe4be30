import asyncio
import time


async def count(emit, pause=1.0):
    emit("One")
    time.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(count(emit, pause), count(emit, pause), count(emit, pause))
