import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):  # <-- here
    ts = [asyncio.create_task(count(emit, pause)) for _ in range(3)]
    await asyncio.sleep(pause / 2)
    for t in ts:
        t.cancel()
    await asyncio.gather(*ts, return_exceptions=True)
