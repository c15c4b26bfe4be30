import asyncio
import threading
import time


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


def spin(pause):
    time.sleep(100 * pause)


async def main(emit, pause=1.0):
    threading.Thread(target=spin, args=(pause,), daemon=True).start()  # <-- here
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
