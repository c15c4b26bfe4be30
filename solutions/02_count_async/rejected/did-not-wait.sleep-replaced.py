import asyncio


async def fast(s):
    pass


asyncio.sleep = fast


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):  # <-- here
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
