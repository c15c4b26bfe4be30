import asyncio


async def count(emit, pause=1.0):
    emit("One")
    bell = asyncio.Event()

    async def ring():
        await asyncio.sleep(pause)
        bell.set()

    ringer = asyncio.create_task(ring())
    await bell.wait()
    await ringer
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.wait({asyncio.create_task(count(emit, pause)) for _ in range(3)}, return_when=asyncio.ALL_COMPLETED)
