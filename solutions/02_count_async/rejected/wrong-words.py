import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):  # <-- here
    async def mixed():
        emit("One")
        emit("Two")
        await asyncio.sleep(pause)

    await asyncio.gather(*(mixed() for _ in range(3)))
