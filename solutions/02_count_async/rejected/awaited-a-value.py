import asyncio


async def count(emit, pause=1.0):
    await emit("One")  # <-- here
    await asyncio.sleep(pause)
    await emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
