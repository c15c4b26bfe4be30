import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    first = asyncio.create_task(count(emit, pause))
    second = asyncio.create_task(count(emit, pause))
    third = asyncio.create_task(count(emit, pause))
    await first
    await second
    await third
