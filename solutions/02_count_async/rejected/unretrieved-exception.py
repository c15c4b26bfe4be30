import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def boom():
    raise ValueError("x")  # <-- here


async def main(emit, pause=1.0):
    t = asyncio.create_task(boom())
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
    del t
