import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    t = [asyncio.create_task(count) for _ in range(3)]  # <-- here
    await asyncio.gather(*t)
