import asyncio


async def count(emit, pause=1.0):
    emit("One")
    asyncio.sleep(pause)  # <-- here
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(count(emit, pause), count(emit, pause), count(emit, pause))
