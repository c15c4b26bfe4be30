import asyncio
import time


async def tick():
    for _ in range(8):
        await asyncio.sleep(0.25)


async def resize(picture):
    await asyncio.sleep(0.1)
    time.sleep(0.5)
    return picture


async def main():
    await asyncio.gather(tick(), *(resize(number) for number in range(3)))


asyncio.run(main())
