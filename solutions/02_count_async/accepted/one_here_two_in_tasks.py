import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    others = [asyncio.create_task(count(emit, pause)) for _ in range(2)]
    await count(emit, pause)
    await asyncio.gather(*others)
