import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    async with asyncio.timeout(10 * pause):
        await asyncio.gather(*(asyncio.wait_for(count(emit, pause), 2 * pause) for _ in range(3)))
