import asyncio


async def count(emit, pause=1.0):  # <-- here
    yield "One"
    await asyncio.sleep(pause)
    yield "Two"


async def main(emit, pause=1.0):
    await asyncio.gather(*(count(emit, pause) for _ in range(3)))
