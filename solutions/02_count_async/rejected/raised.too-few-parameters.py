import asyncio


async def count(emit):
    emit("One")
    await asyncio.sleep(1)
    emit("Two")


async def main(emit):  # <-- here
    await asyncio.gather(*(count(emit) for _ in range(3)))
