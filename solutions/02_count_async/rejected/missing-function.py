import asyncio


async def counts(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(*(counts(emit, pause) for _ in range(3)))


# no line: there is no line on which something is missing
