import asyncio


async def count(emit, pause=1.0):
    print("One")
    await asyncio.sleep(pause)
    print("Two")


async def main(emit, pause=1.0):  # <-- here
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
