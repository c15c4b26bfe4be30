import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    async def late(number):
        await asyncio.sleep(number * pause / 10)
        await count(emit, pause)

    await asyncio.gather(*map(late, range(3)))
