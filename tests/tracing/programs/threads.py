import asyncio
import time


def read(number):
    time.sleep(1)
    return number


async def main():
    results = await asyncio.gather(*(asyncio.to_thread(read, number) for number in range(4)))
    print(results)
    await asyncio.wait_for(asyncio.sleep(0.5), timeout=1)


asyncio.run(main())
