import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


def main(emit, pause=1.0):
    async def all_three():
        await asyncio.gather(*(count(emit, pause) for _ in range(3)))

    asyncio.run(all_three())  # <-- here
