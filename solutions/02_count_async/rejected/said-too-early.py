import asyncio


async def count(emit, pause=1.0):
    emit("One")
    emit("Two")
    await asyncio.sleep(pause)


async def main(emit, pause=1.0):  # <-- here
    for word in ["One"] * 3 + ["Two"] * 3:
        emit(word)
    await asyncio.sleep(pause)
