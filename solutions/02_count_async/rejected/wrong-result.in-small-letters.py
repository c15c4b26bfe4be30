import asyncio


async def count(emit, pause=1.0):
    emit("one")
    await asyncio.sleep(pause)
    emit("two")


async def main(emit, pause=1.0):  # <-- here
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
