import asyncio


async def count(emit, pause=1.0):
    emit("One")
    try:
        await asyncio.wait_for(asyncio.Event().wait(), timeout=pause)
    except TimeoutError:
        emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
