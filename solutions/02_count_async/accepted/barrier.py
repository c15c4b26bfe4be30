import asyncio


async def count(emit, pause=1.0, barrier=None):
    emit("One")
    await asyncio.sleep(pause)
    if barrier is not None:
        await barrier.wait()
    emit("Two")


async def main(emit, pause=1.0):
    barrier = asyncio.Barrier(3)
    await asyncio.gather(*(count(emit, pause, barrier) for _ in range(3)))
