import asyncio
import threading
import time


async def count(emit, pause=1.0):
    loop, over = asyncio.get_running_loop(), asyncio.Event()

    def work():
        emit("One")
        time.sleep(pause)
        emit("Two")
        loop.call_soon_threadsafe(over.set)

    thread = threading.Thread(target=work)
    thread.start()
    await over.wait()
    thread.join()


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
