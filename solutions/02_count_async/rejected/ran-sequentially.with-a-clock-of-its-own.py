import asyncio


async def count(emit, pause=1.0):
    emit("One")
    loop = asyncio.get_running_loop()
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    loop = asyncio.get_running_loop()
    t = loop.time
    loop.time = lambda: t() * 3
    for _ in range(3):
        await count(emit, pause)  # <-- here
