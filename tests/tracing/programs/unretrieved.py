import asyncio


async def log(number):
    await asyncio.sleep(0.5)
    raise OSError("the disk is full")


async def main():
    task = asyncio.create_task(log(1))
    await asyncio.sleep(1)
    del task
    print("all fine")


asyncio.run(main())
