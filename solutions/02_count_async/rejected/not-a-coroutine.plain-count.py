import asyncio


def count(emit, pause=1.0):  # <-- here
    emit("One")
    asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(count(emit, pause), count(emit, pause), count(emit, pause))
