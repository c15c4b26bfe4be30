import asyncio
import threading
import time


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):  # <-- here
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))

    def later():
        time.sleep(2 * pause)
        emit("Three")

    threading.Thread(target=later, daemon=True).start()
