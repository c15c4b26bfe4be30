import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(0)
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
