import asyncio


async def count(emit, pause=1.0, lock=None):
    async with lock or asyncio.Lock():  # <-- here
        emit("One")
        await asyncio.sleep(pause)
        emit("Two")


async def main(emit, pause=1.0):
    lock = asyncio.Lock()
    await asyncio.gather(*(count(emit, pause, lock) for _ in range(3)))
