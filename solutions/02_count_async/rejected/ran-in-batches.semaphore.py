import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit, pause=1.0):
    limit = asyncio.Semaphore(2)

    async def one():
        async with limit:  # <-- here
            await count(emit, pause)

    await asyncio.gather(one(), one(), one())
