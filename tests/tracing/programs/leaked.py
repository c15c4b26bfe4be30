import asyncio


async def save(number):
    await asyncio.sleep(2)
    print("saved", number)


async def main():
    for number in range(3):
        asyncio.create_task(save(number))
    await asyncio.sleep(1)
    print("done")


asyncio.run(main())
