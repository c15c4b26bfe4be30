import asyncio


async def count(emit, pause=1.0):
    emit("One")
    over = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(pause, over.set_result, None)
    await over
    emit("Two")


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
