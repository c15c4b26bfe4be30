import asyncio


async def save(number):
    await asyncio.sleep(0.5)
    print("saved", number)


async def main():
    for number in range(3):
        save(number)
    await asyncio.sleep(1)
    print("done")


asyncio.run(main())
