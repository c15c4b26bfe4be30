import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):  # <-- here
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
    asyncio.get_running_loop().call_later(pause, emit, "Two")
