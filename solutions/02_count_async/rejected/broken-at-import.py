import asyncio


async def count(emit, pause=1.0):
    emit("One")
    await asyncio.sleep(pause)
    emit("Two")


async def main(emit=print, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
    raise RuntimeError("done")  # <-- here


asyncio.run(main())
