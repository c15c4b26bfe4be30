import asyncio


class Count:
    async def __call__(self, emit, pause=1.0):
        emit("One")
        await asyncio.sleep(pause)
        emit("Two")


count = Count()


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
