import asyncio
import threading


async def count(emit, pause=1.0):
    loop, bell = asyncio.get_running_loop(), asyncio.Event()
    emit("One")
    timer = threading.Timer(pause, loop.call_soon_threadsafe, [bell.set])
    timer.start()
    await bell.wait()
    timer.join()
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
