import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    loop = asyncio.get_running_loop()
    for f in [asyncio.run_coroutine_threadsafe(count(emit, pause), loop) for _ in range(3)]:
        f.result()  # <-- here
