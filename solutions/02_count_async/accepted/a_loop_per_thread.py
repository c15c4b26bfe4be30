import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(*(asyncio.to_thread(lambda: asyncio.run(count(emit, pause))) for _ in range(3)))
